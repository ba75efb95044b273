// What a Go programmer writes to bring row changes to Kafka: go-mysql's canal, encoding/json, franz-go with acks=all.
// Messages have the fields of Rowcast's plain format, so that they are about as long.
//
//	go-mysql ADDRESS BROKER TOPIC FILE POSITION TABLES(regular expression)
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/go-mysql-org/go-mysql/canal"
	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/twmb/franz-go/pkg/kgo"
)

type source struct {
	Name      string `json:"name"`
	Connector string `json:"connector"`
	Database  string `json:"database"`
	Table     string `json:"table"`
	Time      string `json:"time"`
	ServerID  uint32 `json:"serverId"`
	Gtid      string `json:"gtid"`
	File      string `json:"file"`
	Position  uint32 `json:"position"`
	Row       int    `json:"row"`
}

type message struct {
	Op          string            `json:"op"`
	Source      source            `json:"source"`
	Transaction map[string]string `json:"transaction"`
	Before      map[string]any    `json:"before,omitempty"`
	After       map[string]any    `json:"after,omitempty"`
}

type handler struct {
	canal.DummyEventHandler
	client *kgo.Client
	topic  string
	gtid   string
	canal  *canal.Canal
}

func (h *handler) OnGTID(_ *replication.EventHeader, e mysql.BinlogGTIDEvent) error {
	next, err := e.GTIDNext()
	if err == nil {
		h.gtid = next.String()
	}
	return err
}

func image(e *canal.RowsEvent, row []any) map[string]any {
	values := make(map[string]any, len(row))
	for i := range e.Table.Columns {
		column := &e.Table.Columns[i]
		value := row[i]
		switch v := value.(type) {
		case []byte:
			if column.RawType == "json" {
				value = json.RawMessage(v)
			} else {
				value = string(v)
			}
		case int64:
			if len(column.EnumValues) > 0 && v > 0 {
				value = column.EnumValues[v-1]
			}
		}
		values[column.Name] = value
	}
	return values
}

func (h *handler) OnRow(e *canal.RowsEvent) error {
	m := message{Op: e.Action, Transaction: map[string]string{"id": h.gtid}}
	m.Source = source{"bench", "mysql", e.Table.Schema, e.Table.Name, time.Unix(int64(e.Header.Timestamp), 0).UTC().Format("2006-01-02T15:04:05.000000Z"), e.Header.ServerID, h.gtid, h.canal.SyncedPosition().Name, e.Header.LogPos - e.Header.EventSize, 0}
	step := 1
	if e.Action == canal.UpdateAction {
		step = 2
	}
	for i := 0; i < len(e.Rows); i += step {
		m.Source.Row, m.Before, m.After = i/step, nil, nil
		if e.Action != canal.InsertAction {
			m.Before = image(e, e.Rows[i])
		}
		if e.Action != canal.DeleteAction {
			m.After = image(e, e.Rows[i+step-1])
		}
		id := e.Rows[i][e.Table.PKColumns[0]]
		key, _ := json.Marshal(map[string]any{e.Table.Columns[e.Table.PKColumns[0]].Name: id})
		value, err := json.Marshal(&m)
		if err != nil {
			return err
		}
		h.client.Produce(context.Background(), &kgo.Record{Topic: h.topic, Key: key, Value: value}, func(_ *kgo.Record, err error) {
			if err != nil {
				log.Fatal(err)
			}
		})
	}
	return nil
}

func main() {
	position, err := strconv.ParseUint(os.Args[5], 10, 32)
	if err != nil {
		log.Fatal(err)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(os.Args[2]), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.ProducerLinger(time.Duration(0)), kgo.ProducerBatchMaxBytes(1_000_000), kgo.MaxBufferedRecords(100_000))
	if err != nil {
		log.Fatal(err)
	}
	config := canal.NewDefaultConfig()
	config.Addr, config.User, config.Flavor, config.ServerID = os.Args[1], "root", "mysql", 7001
	config.Dump.ExecutionPath = ""
	config.IncludeTableRegex = []string{os.Args[6]}
	c, err := canal.NewCanal(config)
	if err != nil {
		log.Fatal(err)
	}
	c.SetEventHandler(&handler{client: client, topic: os.Args[3], canal: c})
	log.Fatal(c.RunFrom(mysql.Position{Name: os.Args[4], Pos: uint32(position)}))
}
