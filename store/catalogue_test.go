package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/store"
)

// A few keys make a run in these tests, so that there are many runs.
const keysOfRun = 32

// naturalRows are numbered rows of all kinds that have a natural key.
func naturalRows(from, to int) store.Rows {
	var rows store.Rows
	for i := from; i < to; i++ {
		name := fmt.Sprint("n", i)
		rows.Requests = append(rows.Requests, store.Request{Key: requestKey(i), KeyID: "nets#1", Subject: name, At: at(i % 60)})
		rows.Codes = append(rows.Codes, store.PaymentCode{Code: name, Wallet: "alipay", Payer: name, ExpiresAt: at(1)})
		rows.Persons = append(rows.Persons, store.Person{Reference: name, Wallet: "alipay", Key: []byte(name), Sealed: []byte{1}})
		rows.References = append(rows.References, store.Reference{Key: store.ReferenceKey{Scope: "m", Reference: name, Part: i % 2}, Holder: name})
	}
	return rows
}

func requestKey(i int) store.RequestKey {
	return store.RequestKey{Participant: "nets", Operation: "ask", ID: fmt.Sprint("n", i)}
}

func naturalKeys(rows store.Rows) store.Keys {
	var keys store.Keys
	for i := range rows.Requests {
		keys.Requests = append(keys.Requests, rows.Requests[i].Key)
		keys.Codes = append(keys.Codes, rows.Codes[i].Code)
		keys.Persons = append(keys.Persons, rows.Persons[i].Reference)
		keys.References = append(keys.References, rows.References[i].Key)
	}
	return keys
}

// wantFound fails unless s finds the rows from and to, and none beyond.
func wantFound(t *testing.T, s *store.Store, from, to int) {
	t.Helper()
	rows := naturalRows(from, to)
	got := read(t, s, naturalKeys(rows))
	if len(got.Requests) != to-from || len(got.Codes) != to-from || len(got.Persons) != to-from || len(got.References) != to-from {
		t.Fatalf("of %d to %d it finds %d requests, %d codes, %d persons, %d references",
			from, to, len(got.Requests), len(got.Codes), len(got.Persons), len(got.References))
	}
	for _, request := range got.Requests {
		if request.Subject != request.Key.ID {
			t.Errorf("request %s has the subject %s", request.Key.ID, request.Subject)
		}
	}
	strangers := naturalRows(-to-1, -from-1)
	wantSame(t, "strangers", store.Rows{}, read(t, s, naturalKeys(strangers)))
	for _, i := range []int{from, to - 1} {
		if found, err := s.Read().Request(t.Context(), requestKey(i)); err != nil || found.Key != requestKey(i) {
			t.Errorf("request %d is %v, %v", i, found.Key, err)
		}
	}
	if _, err := s.Read().Request(t.Context(), requestKey(-1)); !isNotFound(err) {
		t.Errorf("a request that nobody made: %v", err)
	}
}

// TestNaturalKeysAreFoundForEver finds them among the newest keys, in runs, after the
// store was opened again, and at a node that has done nothing meanwhile.
func TestNaturalKeysAreFoundForEver(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s, idle := openMigrated(t, dsn), open(t, dsn)
		s.KeysOfRun(keysOfRun)
		const step, steps = 100, 20
		for i := range steps {
			write(t, s, naturalRows(i*step, (i+1)*step))
			wantFound(t, s, 0, (i+1)*step)
			if i%7 == 0 {
				wantFound(t, idle, 0, (i+1)*step)
			}
		}
		for _, request := range []int{0, step, step*steps - 1} { // Its memory has none of the last ones.
			if _, err := idle.Read().Request(t.Context(), requestKey(request)); err != nil {
				t.Errorf("request %d is not known elsewhere: %v", request, err)
			}
		}
		wantFound(t, idle, 0, step*steps)
		wantFound(t, open(t, dsn), 0, step*steps)
		runs, err := s.Read().Ask(t.Context(), "SELECT COUNT(*) FROM key_runs")
		if err != nil || runs < 2*64 {
			t.Errorf("there are %d runs, %v", runs, err)
		}
		left, err := s.Read().Ask(t.Context(), "SELECT SUM(length(body)) / 16 FROM new_keys")
		if err != nil || left > 64*keysOfRun*2+4*step {
			t.Errorf("%d keys are left in memory, %v", left, err)
		}
	})
}

// TestNodesNumberInTurn lets two nodes enter keys, the one with many runs, the other
// with few.
func TestNodesNumberInTurn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		one, other := openMigrated(t, dsn), open(t, dsn)
		one.KeysOfRun(keysOfRun)
		other.KeysOfRun(5 * keysOfRun)
		for i := range 30 {
			node := one
			if i%3 == 1 {
				node = other
			}
			write(t, node, naturalRows(i*50, (i+1)*50))
		}
		wantFound(t, one, 0, 1500)
		wantFound(t, other, 0, 1500)
		for _, node := range []*store.Store{one, other} {
			for i := range 30 {
				if err := tryWrite(t, node, store.Rows{Requests: naturalRows(i*50, i*50+1).Requests}); err == nil {
					t.Errorf("request %d was written twice", i*50)
				}
			}
		}
	})
}

// TestARowIsChangedWhereItStands uses codes that are in runs, and gives references to
// others.
func TestARowIsChangedWhereItStands(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		s.KeysOfRun(keysOfRun)
		rows := naturalRows(0, 800)
		write(t, s, rows)
		rows.Requests = nil
		for i := range rows.Codes {
			rows.Codes[i].Payment, rows.References[i].Holder = "pay_1", ""
		}
		tx := begin(t, s)
		for range 2 { // Twice in one commit, and the second time it is there already.
			if err := tx.Write(t.Context(), rows); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		for i, code := range all(t, s.Read().EachCode(t.Context())) {
			if i >= 800 || code.Payment != "pay_1" {
				t.Errorf("code %d is used by %q", i, code.Payment)
			}
		}
		rows.Codes[799].Payment = "pay_2"
		if err := tryWrite(t, s, rows); err == nil {
			t.Error("a code was used twice")
		}
		if err := s.PersonErase(t.Context(), rows.Persons[5].Reference); err != nil {
			t.Error(err)
		}
		erased := read(t, s, store.Keys{Persons: []string{rows.Persons[5].Reference}})
		if len(erased.Persons) != 1 || erased.Persons[0].Key != nil {
			t.Errorf("the erased person is %+v", erased.Persons)
		}
	})
}

// TestKeysOfWhatWasNotCommittedAreUnknown rolls back what makes runs, and loses an
// outcome.
func TestKeysOfWhatWasNotCommittedAreUnknown(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		s.KeysOfRun(1)
		write(t, s, naturalRows(0, 10))
		for _, committed := range []bool{false, true} {
			tx := begin(t, s)
			rows := naturalRows(10, 300)
			if err := tx.Write(t.Context(), rows); err != nil {
				t.Fatal(err)
			}
			found, err := tx.Read(t.Context(), naturalKeys(rows))
			if err != nil || len(found.Requests) != len(rows.Requests) {
				t.Fatalf("its own transaction finds %d requests, %v", len(found.Requests), err)
			}
			if err := tx.Sever(committed); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); !errors.Is(err, store.ErrOutcomeUnknown) {
				t.Fatalf("the outcome is %v", err)
			}
			if !committed {
				wantSame(t, "what was lost", store.Rows{}, read(t, s, naturalKeys(rows)))
				write(t, s, naturalRows(1000, 1100)) // Under the same numbers.
			}
		}
		wantFound(t, s, 0, 300)
		wantFound(t, s, 1000, 1100)
	})
}

// TestAFilterLetsItsOwnPass and few others.
func TestAFilterLetsItsOwnPass(t *testing.T) {
	t.Parallel()
	for _, keys := range []int{1, 100, 16384} {
		const strangers = 100_000
		own, others := store.Passes(keys, strangers)
		if own != keys || others > strangers/400 {
			t.Errorf("of %d keys %d pass, of %d strangers %d", keys, own, strangers, others)
		}
	}
}
