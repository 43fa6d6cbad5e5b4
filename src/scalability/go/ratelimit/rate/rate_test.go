package rate

import (
	"testing"
	"time"
)

func TestEightyAtOnceFindFiftyTokens(t *testing.T) {
	limiter, now := NewLimiter(10, 50), time.Unix(0, 0)
	passed := 0
	for i := 0; i < 80; i++ {
		if limiter.AllowN(now, 1) {
			passed++
		}
	}
	if passed != 50 {
		t.Fatalf("%d passed, want 50", passed)
	}
	if limiter.AllowN(now.Add(99*time.Millisecond), 1) {
		t.Fatal("a token came before its time")
	}
	if !limiter.AllowN(now.Add(100*time.Millisecond), 1) {
		t.Fatal("no token after 100 ms at 10 a second")
	}
}

func TestTheLastOfEightyReservationsWaitsThreeSeconds(t *testing.T) {
	limiter, now := NewLimiter(10, 50), time.Unix(0, 0)
	var delay time.Duration
	for i := 0; i < 80; i++ {
		delay, _ = limiter.ReserveN(now, 1)
	}
	if delay != 3*time.Second {
		t.Fatalf("the last waits %v, want 3s", delay)
	}
}

func TestMoreThanTheBurstIsRefusedForEver(t *testing.T) {
	if _, ok := NewLimiter(10, 50).ReserveN(time.Unix(0, 0), 51); ok {
		t.Fatal("51 tokens were promised from a bucket of 50")
	}
}
