// The measurements of goroutines: the same as those of tasks and threads, and the same JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// reading is what came out; whatever a measurement does not tell is missing.
type reading struct {
	WallNs            *int64 `json:"wall_ns"`
	CPUNs             *int64 `json:"cpu_ns"`
	PeakBytes         *int64 `json:"peak_bytes"`
	ResidentBytesEach *int64 `json:"resident_bytes_each"`
	KernelBytesEach   *int64 `json:"kernel_bytes_each"`
	ReservedBytesEach *int64 `json:"reserved_bytes_each"`
	EachNs            *int64 `json:"each_ns"`
	UndisturbedNs     *int64 `json:"undisturbed_ns"`
}

func main() {
	result, err := measure(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// measure does what the arguments say: sleep N, hold N, spawn, or switch.
func measure(arguments []string) (reading, error) {
	usage := fmt.Errorf("usage: sleep N, hold N, spawn or switch")
	if len(arguments) == 1 {
		switch arguments[0] {
		case "spawn":
			return spawnAndEnd(), nil
		case "switch":
			return handOver(), nil
		}
	}
	if len(arguments) != 2 {
		return reading{}, usage
	}
	count, err := strconv.Atoi(arguments[1])
	if err != nil || count < 1 {
		return reading{}, usage
	}
	switch arguments[0] {
	case "sleep":
		return sleepAll(count), nil
	case "hold":
		return holdAll(count), nil
	}
	return reading{}, usage
}
