// Package retry calls again: after a wait with chance in it, only as far as a
// budget allows, and not beyond the caller's deadline.
package retry

import (
	"context"
	"sync"
	"time"
)

// ANCHOR: budget
// Budget allows one retry for every five calls, and ten besides at the start.
type Budget struct {
	mu     sync.Mutex
	fifths int // what five calls have paid in buys one retry
}

// NewBudget returns a budget that allows ten retries.
func NewBudget() *Budget { return &Budget{fifths: most} }

const most = 10 * 5

func (b *Budget) deposit() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fifths < most {
		b.fifths++
	}
}

func (b *Budget) withdraw() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fifths < 5 {
		return false
	}
	b.fifths -= 5
	return true
}

// ANCHOR_END: budget

// Policy says how often, and how long in between.
type Policy struct {
	Attempts  int // in all; fewer than 1 counts as 1
	Base, Cap time.Duration
	Budget    *Budget
	Worth     func(error) bool                           // whether another attempt may help
	Uniform   func() float64                             // rand.Float64
	Sleep     func(context.Context, time.Duration) error // Sleep, below
}

// ANCHOR: do
// Do calls until it succeeds, or attempts, budget or time are used up.
func (p Policy) Do(ctx context.Context, call func(context.Context) error) error {
	p.Budget.deposit()
	most := p.Base
	if most > p.Cap {
		most = p.Cap
	}
	for attempt := 1; ; attempt++ {
		err := call(ctx)
		if err == nil || attempt >= p.Attempts || !p.Worth(err) {
			return err
		}
		// Asked last: who has walked away, or may not retry, takes nothing from the budget.
		if ctx.Err() != nil || !p.Budget.withdraw() {
			return err
		}
		// Full jitter: anything from nothing to the whole wait.
		wait := time.Duration(p.Uniform() * float64(most))
		if p.Sleep(ctx, wait) != nil {
			return err // the caller's time is up; the failure says more than "deadline exceeded"
		}
		if most *= 2; most > p.Cap {
			most = p.Cap
		}
	}
}

// ANCHOR_END: do

// Sleep waits for d, or until the context ends.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() // both may be ready, and then select chooses by chance
	case <-ctx.Done():
		return ctx.Err()
	}
}
