package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"overload/breaker"
	"overload/retry"
)

func TestTheBackendIsSparedAfterTwentyAttempts(t *testing.T) {
	var asked int64
	server := backend(&asked)
	defer server.Close()
	noWait := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	policy := retry.Policy{
		Attempts: 3,
		Budget:   retry.NewBudget(),
		Worth:    worth,
		Uniform:  func() float64 { return 0 },
		Sleep:    noWait,
	}
	config := breaker.Default()
	start := time.Unix(1_000, 0)
	config.Now = func() time.Time { return start }
	call := guarded(breaker.New(config), policy, server.URL)
	good := made(200, call)
	if asked != 20 || good != 8 {
		t.Fatalf("%d attempts, %d good; want 20 and 8", asked, good)
	}
	if err := call(context.Background()); !errors.Is(err, breaker.ErrOpen) {
		t.Fatal(err)
	}
}
