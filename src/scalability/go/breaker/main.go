// Overload calls a backend of which three answers in five are errors, through a
// breaker and with retries under a budget.
package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"overload/breaker"
	"overload/retry"
)

// backend answers three requests in five with 502, and counts them.
func backend(asked *int64) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if atomic.AddInt64(asked, 1)%5 < 3 {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
}

// ANCHOR: get
// get is one attempt: with a deadline of its own, and an error for every 5xx.
func get(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 500 {
		return fmt.Errorf("payments: %s", response.Status)
	}
	return nil
}

// worth is false for a refusal: the breaker has just said not to try again.
func worth(err error) bool { return !errors.Is(err, breaker.ErrOpen) }

// guarded retries outside the breaker, so that every attempt asks it anew.
func guarded(b *breaker.Breaker, p retry.Policy, url string) func(context.Context) error {
	return func(ctx context.Context) error {
		return p.Do(ctx, func(ctx context.Context) error {
			return b.Do(ctx, func(ctx context.Context) error { return get(ctx, url) })
		})
	}
}

// ANCHOR_END: get

// made makes n calls and counts those that succeed.
func made(n int, call func(context.Context) error) (good int) {
	for i := 0; i < n; i++ {
		if call(context.Background()) == nil {
			good++
		}
	}
	return good
}

func main() {
	var asked int64
	server := backend(&asked)
	defer server.Close()
	policy := retry.Policy{
		Attempts: 3,
		Base:     time.Millisecond,
		Cap:      10 * time.Millisecond,
		Budget:   retry.NewBudget(),
		Worth:    worth,
		Uniform:  rand.Float64,
		Sleep:    retry.Sleep,
	}
	good := made(200, guarded(breaker.New(breaker.Default()), policy, server.URL))
	fmt.Printf("200 calls: %d attempts reached the backend, %d calls succeeded\n", asked, good)
}
