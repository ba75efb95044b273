// Reads a topic and tells how long its rows were on their way: from the time in `stamp` (microseconds since 1970, of this
// machine) to their arrival. A row with the stamp 0 is answered with the line `begun` at once; once ROWS others have come,
// their microseconds are printed, a line each, in the order of their arrival.
//
//	arrivals BROKER TOPIC ROWS
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const digits = "0123456789"

func main() {
	rows, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(os.Args[1]), kgo.ConsumeTopics(os.Args[2]), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		log.Fatal(err)
	}
	micros := make([]int64, 0, rows)
	for len(micros) < rows {
		fetches := client.PollFetches(context.Background())
		now := time.Now().UnixMicro()
		if err := fetches.Err(); err != nil {
			log.Fatal(err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			stamp, ok := stampOf(record.Value)
			if ok && stamp == 0 {
				fmt.Println("begun")
			} else if ok {
				micros = append(micros, now-stamp)
			}
		})
	}
	out := bufio.NewWriter(os.Stdout)
	for _, each := range micros {
		fmt.Fprintln(out, each)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

// Every format writes the column as "stamp":N or "stamp":"N".
func stampOf(value []byte) (int64, bool) {
	_, rest, found := bytes.Cut(value, []byte(`"stamp":`))
	rest = bytes.TrimPrefix(rest, []byte(`"`))
	number := rest[:len(rest)-len(bytes.TrimLeft(rest, digits))]
	stamp, err := strconv.ParseInt(string(number), 10, 64)
	return stamp, found && err == nil
}
