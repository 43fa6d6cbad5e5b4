package main

import (
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	nap      = 100 * time.Millisecond
	batch    = 100  // goroutines started before the first of them is waited for
	messages = 1000 // messages each way between two looks at the clock
	slices   = 5    // slices of time that count, after one that warms up
	length   = 60 * time.Millisecond
	stretch  = 2 * time.Millisecond // short enough to be undisturbed now and then on a busy machine
)

// sleepAll starts count goroutines that sleep 100 ms each, and waits for all.
func sleepAll(count int) reading {
	cpu, started := cpuTime(), time.Now()
	run(count)
	return reading{
		WallNs:    number(time.Since(started).Nanoseconds()),
		CPUNs:     number(cpuTime() - cpu),
		PeakBytes: kilobytes("/proc/self/status", "VmHWM:"),
	}
}

// ANCHOR: sleep
func run(count int) {
	var done sync.WaitGroup
	for i := 0; i < count; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			time.Sleep(nap)
		}()
	}
	done.Wait()
}

// ANCHOR_END: sleep

// holdAll has count goroutines alive at the same time, reads their memory, and lets them go.
func holdAll(count int) reading {
	var alive atomic.Int64
	var done sync.WaitGroup
	gate := make(chan struct{})
	resident := kilobytes("/proc/self/status", "VmRSS:")
	kernel := kilobytes("/proc/meminfo", "KernelStack:")
	reserved := kilobytes("/proc/self/status", "VmSize:")
	done.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			defer done.Done()
			alive.Add(1)
			<-gate
		}()
	}
	for alive.Load() < int64(count) {
		time.Sleep(time.Millisecond)
	}
	result := reading{
		ResidentBytesEach: each(resident, kilobytes("/proc/self/status", "VmRSS:"), count),
		KernelBytesEach:   each(kernel, kilobytes("/proc/meminfo", "KernelStack:"), count),
		ReservedBytesEach: each(reserved, kilobytes("/proc/self/status", "VmSize:"), count),
		PeakBytes:         kilobytes("/proc/self/status", "VmHWM:"),
	}
	close(gate)
	done.Wait()
	return result
}

// spawnAndEnd starts goroutines that end at once and waits for them, a batch at a time.
func spawnAndEnd() reading {
	var done sync.WaitGroup
	return inSlices(batch, func() {
		done.Add(batch)
		for i := 0; i < batch; i++ {
			go done.Done()
		}
		done.Wait()
	})
}

// handOver has two goroutines hand a message back and forth; the time of one way.
func handOver() reading {
	there, back := make(chan int, 1), make(chan int, 1)
	go func() {
		for message := range there {
			back <- message
		}
		close(back)
	}()
	defer close(there)
	return inSlices(2*messages, func() {
		for i := 0; i < messages; i++ {
			there <- i
			<-back
		}
	})
}

// lap is a slice or a stretch under way.
type lap struct {
	started time.Time
	done    int64
}

// add says that so many more have been done, and gives the nanoseconds of one once the lap has lasted this long.
func (l *lap) add(done int64, length time.Duration) (int64, bool) {
	l.done += done
	taken := time.Since(l.started)
	if taken < length {
		return 0, false
	}
	all := l.done
	*l = lap{started: time.Now()}
	return (taken.Nanoseconds() + all/2) / all, true
}

// inSlices repeats something that does count things: the nanoseconds of one in the median slice, and in the stretches
// that nothing disturbed.
func inSlices(count int64, do func()) reading {
	var figures, short []int64
	warm, slice, part := false, lap{started: time.Now()}, lap{started: time.Now()}
	for len(figures) < slices {
		do()
		each, over := slice.add(count, length)
		if partly, over := part.add(count, stretch); over && warm {
			short = append(short, partly)
		}
		if over && warm {
			figures = append(figures, each)
		}
		warm = warm || over
	}
	return reading{EachNs: median(figures), UndisturbedNs: undisturbed(short)}
}

// median is the middle one, or the upper of the two in the middle.
func median(figures []int64) *int64 {
	sort.Slice(figures, func(a, b int) bool { return figures[a] < figures[b] })
	return &figures[len(figures)/2]
}

// undisturbed is the median of what took at most twice as long as the best.
func undisturbed(figures []int64) *int64 {
	sort.Slice(figures, func(a, b int) bool { return figures[a] < figures[b] })
	most := 2 * figures[0]
	return median(figures[:sort.Search(len(figures), func(i int) bool { return figures[i] > most })])
}

// cpuTime is the time all threads of this process have computed, nanoseconds.
func cpuTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return syscall.TimevalToNsec(usage.Utime) + syscall.TimevalToNsec(usage.Stime)
}

// kilobytes reads the bytes in the line `name  123 kB`; nil where the kernel does not say.
func kilobytes(path, name string) *int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) >= 2 && fields[0] == name {
			if value, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				return number(1024 * value)
			}
		}
	}
	return nil
}

// each is the growth, shared among count.
func each(before, now *int64, count int) *int64 {
	if before == nil || now == nil {
		return nil
	}
	grown := *now - *before
	if grown < 0 {
		grown = 0
	}
	return number(grown / int64(count))
}

func number(value int64) *int64 { return &value }
