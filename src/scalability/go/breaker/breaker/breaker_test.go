package breaker

import (
	"context"
	"errors"
	"testing"
	"time"
)

var errBackend = errors.New("502")

// clock is a time that stands until a test moves it.
type clock struct{ now time.Time }

func closed() (*Breaker, *clock) {
	clock := &clock{time.Unix(1_000, 0)}
	config := Default()
	config.Now = func() time.Time { return clock.now }
	return New(config), clock
}

// calls makes n calls that end with err and counts those that were made.
func calls(b *Breaker, n int, err error) (made int) {
	for i := 0; i < n; i++ {
		b.Do(context.Background(), func(context.Context) error {
			made++
			return err
		})
	}
	return made
}

func TestTheTwentiethCallOpensItAndTheNextIsRefused(t *testing.T) {
	b, _ := closed()
	if made := calls(b, 19, errBackend); made != 19 {
		t.Fatalf("%d of 19 were made", made)
	}
	if made := calls(b, 2, errBackend); made != 1 {
		t.Fatalf("%d of the 20th and the 21st were made, want 1", made)
	}
}

func TestHalfOfTheCallsIsTheThresholdExactly(t *testing.T) {
	for failed, opens := range map[int]bool{9: false, 10: true} {
		b, _ := closed()
		calls(b, 20-failed, nil)
		calls(b, failed, errBackend)
		if made := calls(b, 1, nil); (made == 0) != opens {
			t.Errorf("%d of 20 failed: it is open: %v, want %v", failed, made == 0, opens)
		}
	}
}

func TestWhatFailedTenSecondsAgoIsForgotten(t *testing.T) {
	for age, opens := range map[time.Duration]bool{9 * time.Second: true, 10 * time.Second: false} {
		b, clock := closed()
		calls(b, 19, errBackend)
		clock.now = clock.now.Add(age)
		calls(b, 1, errBackend)
		if made := calls(b, 1, nil); (made == 0) != opens {
			t.Errorf("after %v it is open: %v, want %v", age, made == 0, opens)
		}
	}
}

// open is a breaker that has just opened.
func open() (*Breaker, *clock) {
	b, clock := closed()
	calls(b, 20, errBackend)
	return b, clock
}

func TestOneTrialPassesWhenTheSleepWindowIsOver(t *testing.T) {
	b, clock := open()
	clock.now = clock.now.Add(5*time.Second - 1)
	if calls(b, 1, nil) != 0 {
		t.Fatal("it let a call through a nanosecond early")
	}
	clock.now = clock.now.Add(1)
	err := b.Do(context.Background(), func(context.Context) error {
		if calls(b, 1, nil) != 0 {
			t.Fatal("a second call passed during the trial")
		}
		return nil
	})
	if err != nil || calls(b, 20, nil) != 20 {
		t.Fatalf("a good trial did not close it: %v", err)
	}
}

func TestAFailedTrialWaitsTheWholeSleepWindowAgain(t *testing.T) {
	b, clock := open()
	clock.now = clock.now.Add(5 * time.Second)
	calls(b, 1, errBackend)
	clock.now = clock.now.Add(5*time.Second - 1)
	if calls(b, 1, nil) != 0 {
		t.Fatal("it did not wait again")
	}
	clock.now = clock.now.Add(1)
	if calls(b, 1, nil) != 1 {
		t.Fatal("no second trial")
	}
}

func TestATrialThatIsCalledOffGivesItsPlaceBack(t *testing.T) {
	b, clock := open()
	clock.now = clock.now.Add(5 * time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	b.Do(ctx, func(ctx context.Context) error {
		cancel()
		return ctx.Err()
	})
	if calls(b, 1, nil) != 1 {
		t.Fatal("the place of the trial is lost")
	}
}

func TestAPanicCountsAsAFailure(t *testing.T) {
	b, _ := closed()
	calls(b, 19, errBackend)
	func() {
		defer func() { recover() }()
		b.Do(context.Background(), func(context.Context) error { panic("nil map") })
	}()
	if calls(b, 1, nil) != 0 {
		t.Fatal("the 20th failure was a panic and was not counted")
	}
}

func TestACallerWhoseTimeIsUpCountsAsAFailureAndOneWhoWalksAwayDoesNot(t *testing.T) {
	timedOut, stop := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer stop()
	walkedAway, cancel := context.WithCancel(context.Background())
	cancel()
	for name, test := range map[string]struct {
		ctx   context.Context
		opens bool
	}{
		"its time is up": {timedOut, true},
		"walks away":     {walkedAway, false},
	} {
		b, _ := closed()
		for i := 0; i < 20; i++ {
			b.Do(test.ctx, func(ctx context.Context) error { return ctx.Err() })
		}
		if made := calls(b, 1, nil); (made == 0) != test.opens {
			t.Errorf("a caller who %s: it is open: %v, want %v", name, made == 0, test.opens)
		}
	}
}

func TestAnAnswerThatComesWhenItHasOpenedDoesNotProlongTheWait(t *testing.T) {
	for _, late := range []error{nil, errBackend} {
		b, clock := closed()
		b.Do(context.Background(), func(context.Context) error {
			calls(b, 20, errBackend)
			clock.now = clock.now.Add(4 * time.Second)
			return late
		})
		if calls(b, 1, nil) != 0 {
			t.Fatalf("the late answer %v closed it", late)
		}
		clock.now = clock.now.Add(time.Second)
		if calls(b, 1, nil) != 1 {
			t.Errorf("the late answer %v prolonged the wait", late)
		}
	}
}
