package main

import "testing"

func TestEveryMeasurementTellsWhatItIsFor(t *testing.T) {
	slept, err := measure([]string{"sleep", "100"})
	if err != nil || slept.WallNs == nil || *slept.WallNs < nap.Nanoseconds() {
		t.Errorf("100 goroutines that sleep %v took %v (%v)", nap, slept.WallNs, err)
	}
	for _, name := range []string{"spawn", "switch"} {
		took, err := measure([]string{name})
		if err != nil || took.EachNs == nil || *took.EachNs <= 0 {
			t.Errorf("%s took %v (%v)", name, took.EachNs, err)
		}
	}
	if _, err := measure([]string{"hold", "100"}); err != nil {
		t.Error(err)
	}
}

func TestWrongArgumentsAreRefused(t *testing.T) {
	for _, arguments := range [][]string{{}, {"sleep"}, {"hold", "0"}, {"sleep", "many"}, {"spawn", "3"}, {"wait", "3"}} {
		if _, err := measure(arguments); err == nil {
			t.Errorf("%v was accepted", arguments)
		}
	}
}
