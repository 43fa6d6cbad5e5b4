// Package breaker is a circuit breaker with the three parameters of hystrix-go
// and the half-open state that hystrix-go lacks, small enough to read on a page.
package breaker

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrOpen is the answer to a call that was not made.
var ErrOpen = errors.New("circuit breaker is open")

// ANCHOR: config
// Config has the names and the defaults of hystrix-go.
type Config struct {
	RequestVolumeThreshold int              // with fewer calls in ten seconds it never opens
	ErrorPercentThreshold  int              // so many of a hundred must fail
	SleepWindow            time.Duration    // how long it refuses everybody
	Now                    func() time.Time // time.Now; a test gives its own
}

// Default is what hystrix-go does if nothing is configured.
func Default() Config {
	return Config{20, 50, 5 * time.Second, time.Now}
}

// ANCHOR_END: config

// bucket counts the calls that ended in one second.
type bucket struct {
	second        int64
	calls, errors int
}

// Breaker guards the calls to one backend.
type Breaker struct {
	config  Config
	mu      sync.Mutex
	buckets [10]bucket
	opened  time.Time // zero while it is closed
	trial   bool      // one call finds out whether the backend is back
}

// New returns a closed breaker.
func New(config Config) *Breaker { return &Breaker{config: config} }

// ANCHOR: do
// Do makes the call unless the breaker is open, and counts what became of it.
func (b *Breaker) Do(ctx context.Context, call func(context.Context) error) error {
	trial, err := b.enter()
	if err != nil {
		return err
	}
	outcome := errors.New("the call panicked")
	defer func() { b.leave(ctx, trial, outcome) }()
	outcome = call(ctx)
	return outcome
}

// ANCHOR_END: do

// ANCHOR: enter
// enter asks to make one call now.
func (b *Breaker) enter() (trial bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.opened.IsZero() {
		return false, nil
	}
	if b.trial || b.config.Now().Sub(b.opened) < b.config.SleepWindow {
		return false, ErrOpen
	}
	b.trial = true
	return true, nil
}

// ANCHOR_END: enter

// ANCHOR: leave
// leave counts what became of a call.
func (b *Breaker) leave(ctx context.Context, trial bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.config.Now()
	// A caller that walks away says nothing about the backend; one whose time is up does.
	walkedAway := errors.Is(ctx.Err(), context.Canceled)
	switch {
	case trial:
		b.trial = false
		if walkedAway {
			return
		}
		if err == nil {
			b.opened, b.buckets = time.Time{}, [10]bucket{}
		} else {
			b.opened = now
		}
	case walkedAway || !b.opened.IsZero():
		// Nothing to count; an answer that comes when it has opened is too late.
	default:
		calls, failed := b.count(now, err)
		if calls >= b.config.RequestVolumeThreshold &&
			failed*100 >= b.config.ErrorPercentThreshold*calls {
			b.opened = now
		}
	}
}

// ANCHOR_END: leave

// count adds a call to the second it ended in and sums up the last ten.
func (b *Breaker) count(now time.Time, err error) (calls, failed int) {
	second := now.Unix()
	last := &b.buckets[second%10]
	if last.second != second {
		*last = bucket{second: second}
	}
	last.calls++
	if err != nil {
		last.errors++
	}
	for _, one := range b.buckets {
		if second-one.second < 10 {
			calls += one.calls
			failed += one.errors
		}
	}
	return calls, failed
}
