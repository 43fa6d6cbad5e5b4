// Package rate is a token bucket with the names of golang.org/x/time/rate,
// cut down to what the page shows, so that it compiles without a download.
package rate

import (
	"sync"
	"time"
)

// ANCHOR: limiter
// Limiter is a bucket that starts full and is refilled whenever it is asked.
type Limiter struct {
	mu     sync.Mutex
	limit  float64 // tokens a second
	burst  int     // the most it keeps
	tokens float64 // what was there at last; below zero, what is owed
	last   time.Time
}

// NewLimiter returns a full bucket of b tokens, refilled with r a second.
func NewLimiter(r float64, b int) *Limiter {
	return &Limiter{limit: r, burst: b, tokens: float64(b)}
}

// Allow takes a token if there is one now.
func (l *Limiter) Allow() bool { return l.AllowN(time.Now(), 1) }

// AllowN takes n tokens if they are there at now, and nothing otherwise.
func (l *Limiter) AllowN(now time.Time, n int) bool {
	_, ok := l.take(now, n, 0)
	return ok
}

// ReserveN takes n tokens and says how long to wait until they are there.
func (l *Limiter) ReserveN(now time.Time, n int) (delay time.Duration, ok bool) {
	return l.take(now, n, 1<<63-1)
}

// ANCHOR_END: limiter

// ANCHOR: take
func (l *Limiter) take(now time.Time, n int, maxWait time.Duration) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	elapsed := now.Sub(l.last)
	if elapsed < 0 {
		elapsed = 0
	}
	left := l.tokens + elapsed.Seconds()*l.limit
	if full := float64(l.burst); left > full {
		left = full
	}
	left -= float64(n)
	var wait time.Duration
	if left < 0 {
		wait = time.Duration(-left / l.limit * float64(time.Second))
	}
	if n > l.burst || wait > maxWait {
		return 0, false // A refusal changes nothing, not even the time.
	}
	l.tokens, l.last = left, now
	return wait, true
}

// ANCHOR_END: take
