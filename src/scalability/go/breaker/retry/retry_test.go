package retry

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"
)

var errBackend, errOpen = errors.New("503"), errors.New("open")

// policy makes up to n attempts and writes its waits down instead of waiting.
func policy(n int, waits *[]time.Duration) Policy {
	return Policy{
		Attempts: n,
		Base:     100 * time.Millisecond,
		Cap:      300 * time.Millisecond,
		Budget:   NewBudget(),
		Worth:    func(err error) bool { return err != errOpen },
		Uniform:  func() float64 { return 0.5 },
		Sleep: func(ctx context.Context, d time.Duration) error {
			*waits = append(*waits, d)
			return ctx.Err()
		},
	}
}

func TestWaitsDoubleUpToTheCapAndHalfOfThemIsChance(t *testing.T) {
	var waits []time.Duration
	made := 0
	err := policy(5, &waits).Do(context.Background(), func(context.Context) error {
		made++
		return errBackend
	})
	want := []time.Duration{50e6, 100e6, 150e6, 150e6}
	if made != 5 || err != errBackend || !reflect.DeepEqual(waits, want) {
		t.Fatalf("%d attempts, waits %v, %v", made, waits, err)
	}
}

func TestTheFirstSuccessEndsIt(t *testing.T) {
	var waits []time.Duration
	made := 0
	err := policy(5, &waits).Do(context.Background(), func(context.Context) error {
		if made++; made < 3 {
			return errBackend
		}
		return nil
	})
	if made != 3 || err != nil {
		t.Fatalf("%d attempts, %v", made, err)
	}
}

func TestTenRetriesAreFreeAndThenFiveCallsPayForOne(t *testing.T) {
	var waits []time.Duration
	policy := policy(2, &waits)
	made := 0
	fails := func(context.Context) error { made++; return errBackend }
	for i := 0; i < 100; i++ {
		policy.Do(context.Background(), fails)
	}
	// The first call finds the budget full: ten retries, and one for every five of the other 99 calls.
	if want := 100 + 10 + 99/5; made != want {
		t.Fatalf("%d attempts, want %d", made, want)
	}
}

func TestARefusalOfTheBreakerIsFinalAndCostsNoBudget(t *testing.T) {
	var waits []time.Duration
	policy := policy(5, &waits)
	made := 0
	err := policy.Do(context.Background(), func(context.Context) error { made++; return errOpen })
	if made != 1 || err != errOpen || policy.Budget.fifths != most {
		t.Fatalf("%d attempts, %v, %d left", made, err, policy.Budget.fifths)
	}
}

func TestACallerWhoseTimeIsUpIsToldOfTheFailure(t *testing.T) {
	var waits []time.Duration
	ctx, cancel := context.WithCancel(context.Background())
	policy := policy(5, &waits)
	made := 0
	err := policy.Do(ctx, func(context.Context) error {
		made++
		cancel()
		return errBackend
	})
	if made != 1 || err != errBackend || policy.Budget.fifths != most {
		t.Fatalf("%d attempts, %v, %d left", made, err, policy.Budget.fifths)
	}
}

func TestFiveFifthsBuyOneRetryAndFourNone(t *testing.T) {
	for fifths, retries := range map[int]int{4: 0, 5: 1, 9: 1, 10: 2} {
		budget := &Budget{fifths: fifths}
		bought := 0
		for budget.withdraw() {
			bought++
		}
		if bought != retries {
			t.Errorf("%d fifths bought %d retries, want %d", fifths, bought, retries)
		}
	}
}

func TestNoAttemptsCountAsOne(t *testing.T) {
	for _, attempts := range []int{-1, 0, 1} {
		var waits []time.Duration
		made := 0
		policy(attempts, &waits).Do(context.Background(), func(context.Context) error { made++; return errBackend })
		if made != 1 {
			t.Errorf("Attempts %d made %d", attempts, made)
		}
	}
}

func TestTheCapHoldsForTheFirstWaitToo(t *testing.T) {
	var waits []time.Duration
	policy := policy(2, &waits)
	policy.Base = time.Second
	policy.Do(context.Background(), func(context.Context) error { return errBackend })
	if want := []time.Duration{150e6}; !reflect.DeepEqual(waits, want) {
		t.Fatalf("waits %v, want %v", waits, want)
	}
}

func TestSleepEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Sleep(ctx, time.Hour); err != context.Canceled {
		t.Fatal(err)
	}
}
