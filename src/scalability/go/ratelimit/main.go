// Ratelimit puts a token bucket in front of an HTTP handler and sends it 80 requests at once.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"ratelimit/rate"
)

// ANCHOR: middleware
// limit answers 429 for every request that finds no token.
func limit(limiter *rate.Limiter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !limiter.Allow() {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many requests", http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ANCHOR_END: middleware

// ANCHOR: service
func service() http.Handler {
	search := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "served")
	})
	return limit(rate.NewLimiter(10, 50), search) // 10 a second, 50 at once
}

// ANCHOR_END: service

// burst sends n requests one right after the other and counts the answers by status.
func burst(handler http.Handler, n int) map[int]int {
	answers := map[int]int{}
	for i := 0; i < n; i++ {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest("GET", "/search?q=lamp", nil))
		answers[answer.Code]++
	}
	return answers
}

func main() {
	answers := burst(service(), 80)
	fmt.Printf("80 at once: %d served, %d told 429\n", answers[200], answers[429])
}
