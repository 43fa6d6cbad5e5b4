package main

import (
	"fmt"
	"testing"
)

// A goroutine of the runtime may come in between, so not every run has the usual order.
func TestTheLastStartedRunsFirst(t *testing.T) {
	usual, runs := 0, 40
	for i := 0; i < runs; i++ {
		if fmt.Sprint(order(10)) == "[10 1 2 3 4 5 6 7 8 9]" {
			usual++
		}
	}
	if usual < runs/2 {
		t.Fatalf("10 1 2 3 … in %d of %d runs", usual, runs)
	}
}

func TestNoneIsLostWhenTheQueueSpills(t *testing.T) {
	ran := order(300)
	seen := map[int]bool{}
	for _, i := range ran {
		seen[i] = true
	}
	if len(ran) != 300 || len(seen) != 300 {
		t.Fatalf("%d turns of %d goroutines", len(ran), len(seen))
	}
}
