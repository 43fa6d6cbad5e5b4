package main

import "testing"

func TestABurstLargerThanTheBucketIsCut(t *testing.T) {
	answers := burst(service(), 80)
	// A slow machine may let a token drip in meanwhile.
	if answers[200] < 50 || answers[200] > 52 || answers[200]+answers[429] != 80 {
		t.Fatalf("answers by status: %v", answers)
	}
}
