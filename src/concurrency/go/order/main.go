// Order starts ten goroutines on one P and says in which order they ran.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

// ANCHOR: order
// order starts count goroutines on one P and returns their numbers in the order of their first turns.
func order(count int) []int {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var done sync.WaitGroup
	ran := make([]int, 0, count) // one P: only one goroutine runs at a time
	done.Add(count)
	for i := 1; i <= count; i++ {
		i := i
		go func() {
			defer done.Done()
			ran = append(ran, i)
		}()
	}
	done.Wait()
	return ran
}

// ANCHOR_END: order

func main() {
	fmt.Println(order(10))
}
