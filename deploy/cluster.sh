#!/usr/bin/env bash
# Three PostgreSQL nodes that survive the loss of any one of them, on this machine:
# PostgreSQL under Patroni, etcd to elect the leader, strict synchronous commit,
# and HAProxy as the one address of whoever leads. It is the form in which
# docs/operations.md runs them on three machines, with loopback for a network.
#
#   cluster.sh start FOLDER                a new cluster in an empty folder; prints its address
#   cluster.sh status FOLDER               who leads, who follows; status 1 unless all is well
#   cluster.sh address FOLDER              postgres://… of the leader, whoever it is
#   cluster.sh wait FOLDER                 until three nodes run and a commit waits for one of them
#   cluster.sh kill-node FOLDER [N]        kill -9 of all that runs on a node; the leader's if none is named
#   cluster.sh kill-postgres FOLDER [N]    kill -9 of its PostgreSQL alone
#   cluster.sh start-node FOLDER N         start what was killed
#   cluster.sh freeze-node FOLDER [N]      stop it without ending it, as a machine that hangs
#   cluster.sh freeze-postgres FOLDER [N]  the same with its PostgreSQL alone
#   cluster.sh thaw-node FOLDER N          let it go on as if nothing had been
#   cluster.sh switchover FOLDER           let another node lead, as before maintenance
#   cluster.sh configure FOLDER JSON       change settings of Patroni that all nodes share
#   cluster.sh stop FOLDER                 end everything; the folder stays
#
# On Debian: apt-get install postgresql-15 patroni etcd-server haproxy
# As root it runs everything as the user postgres, because PostgreSQL refuses root.
# It ends no process but those that it has started.
set -euo pipefail

nodes=(1 2 3)
start_within=120 # seconds
stop_within=30

complain() { echo "cluster.sh: $*" >&2; exit 1; }

usage() { sed -n '7,19s/^# *//p' "$0" >&2; exit 2; }

# Ports. They lie together, below those that the system lends to outgoing
# connections: a node that is down must find its own again.

etcd_port() { echo $((base + $1)); }
peer_port() { echo $((base + 3 + $1)); }
rest_port() { echo $((base + 6 + $1)); }
postgres_port() { echo $((base + 9 + $1)); }
leader_port() { echo "$base"; }

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

find_ports() {
	local try port
	for try in {1..50}; do
		base=$((20000 + 16 * (RANDOM % 700)))
		for port in $(seq "$base" $((base + 12))); do
			is_taken "$port" && continue 2
		done
		return 0
	done
	complain "no free ports after $try tries"
}

# Processes. Each has a file with its number, and a command line that names the
# folder: whatever else has that number by now is left alone.

# launch NAME COMMAND… starts a process that outlives this script.
launch() {
	local name=$1
	shift
	( exec setsid "${as_postgres[@]}" "$@" ) </dev/null >>"$folder/$name.log" 2>&1 &
	echo $! >"$folder/$name.pid"
}

# running FILE prints the number in the first line of FILE if that process is ours.
running() {
	local number
	[[ -r $1 ]] && read -r number <"$1" && [[ $number =~ ^[0-9]+$ ]] || return 1
	{ tr '\0' ' ' <"/proc/$number/cmdline" | grep -qF "$folder/"; } 2>/dev/null || return 1
	echo "$number"
}

postmaster() { running "$folder/node$1/books/postmaster.pid"; }

# postgres_of N prints the numbers of the server of a node and of all its children.
postgres_of() {
	local server
	server=$(postmaster "$1") || return 0
	echo "$server"
	ps -o pid= --ppid "$server" || true
}

# finish FILE… ends processes in their own way, all at a time, and waits for them.
finish() {
	local file number end=$((SECONDS + stop_within))
	for file in "$@"; do
		number=$(running "$file") || continue
		kill -s TERM "$number" 2>/dev/null || true
		kill -s CONT "$number" 2>/dev/null || true
	done
	for file in "$@"; do
		while number=$(running "$file"); do
			((SECONDS < end)) || kill -s KILL "$number" 2>/dev/null || true
			sleep 0.1
		done
	done
}

# Patroni's REST interface, which also knows who leads.

# ask PORT METHOD PATH [BODY] prints what is answered, its status first. A process
# that hangs does not even take the connection.
ask() {
	local body=${4:-} within=2
	[[ $2 != POST ]] || within=60
	timeout "$within" bash -c '
		exec 3<>"/dev/tcp/127.0.0.1/$1"
		printf "%s %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s" "$2" "$3" "${#4}" "$4" >&3
		cat <&3
	' ask "$1" "$2" "$3" "$body" 2>/dev/null | tr -d '\r' | sed '1s/^[^ ]* //; 2,/^$/d' || true
}

# is N ROLE asks a node whether it is primary, replica or sync, and healthy.
is() { [[ $(ask "$(rest_port "$1")" GET "/$2") == 200* ]]; }

leader() {
	local node
	for node in "${nodes[@]}"; do
		if is "$node" primary; then
			echo "$node"
			return 0
		fi
	done
	return 1
}

# query SQL asks the leader's server.
query() {
	PGPASSWORD=$superuser_password PGCONNECT_TIMEOUT=2 "$programs/psql" -X -q -At -v ON_ERROR_STOP=1 \
		-h 127.0.0.1 -p "$(leader_port)" -U postgres -c "$1"
}

# is_whole asks the leader's server who follows it, since Patroni may tell of a
# moment ago, and Patroni who may take its place.
is_whole() {
	local node following successors=0
	following=$(query "SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming'" 2>/dev/null) || return 1
	[[ $following == 2 ]] || return 1
	for node in "${nodes[@]}"; do
		[[ $(ask "$(etcd_port "$node")" GET /health) == 200* ]] || return 1
		is "$node" primary || is "$node" replica || return 1
		if is "$node" sync; then successors=$((successors + 1)); fi
	done
	((successors > 0))
}

wait_until_whole() {
	local end=$((SECONDS + start_within))
	until is_whole; do
		((SECONDS < end)) || complain "the cluster is not whole after $start_within s; its logs are in $folder"
		sleep 0.3
	done
}

# Configuration.

secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

write_settings() {
	find_ports
	cat >"$folder/settings" <<-END
		base=$base
		superuser_password=$(secret)
		replication_password=$(secret)
		rewind_password=$(secret)
		hansa_password=$(secret)
	END
	read_settings
}

read_settings() {
	[[ -r $folder/settings ]] || complain "there is no cluster in $folder"
	# shellcheck source=/dev/null
	source "$folder/settings"
}

write_patroni() {
	local node=$1
	cat >"$folder/node$node/patroni.yml" <<-END
		scope: hansa
		name: node$node
		restapi:
		  listen: 127.0.0.1:$(rest_port "$node")
		  connect_address: 127.0.0.1:$(rest_port "$node")
		# Not etcd3: with that, Patroni before 3.0.3 lets a leader that was frozen
		# for longer than ttl take the lead back from whoever has it by then, and
		# what was committed meanwhile is lost. This one compares before it writes.
		etcd:
		  hosts: [127.0.0.1:$(etcd_port 1), 127.0.0.1:$(etcd_port 2), 127.0.0.1:$(etcd_port 3)]
		bootstrap:
		  dcs:
		    # A leader that is gone is missed after ttl seconds.
		    ttl: 20
		    loop_wait: 1
		    retry_timeout: 3
		    # A server that crashed does not come back as the leader: what it alone
		    # has, it would show.
		    master_start_timeout: 0
		    # Without etcd the leader goes on as long as it can talk to all others.
		    failsafe_mode: true
		    # No commit without a second node, not even when none is there.
		    synchronous_mode: true
		    synchronous_mode_strict: true
		    synchronous_node_count: 1
		    maximum_lag_on_failover: 0
		    postgresql:
		      use_pg_rewind: true
		      # With slots a standby waits for the new leader to make one for it, and a
		      # standby that is gone fills the leader's disk.
		      use_slots: false
		      parameters:
		        synchronous_commit: "on"
		        full_page_writes: "on"
		        data_sync_retry: "off"
		        restart_after_crash: "off"
		        wal_level: replica
		        hot_standby: "on"
		        max_connections: 100
		        max_wal_senders: 10
		        # How far a standby may fall behind without being made anew.
		        wal_keep_size: 512MB
		        # A standby that has fallen silent holds up commits for so long.
		        wal_sender_timeout: 5s
		        wal_receiver_timeout: 5s
		        # Commits wait at a new leader until a standby has found it.
		        wal_retrieve_retry_interval: 500ms
		  initdb: [data-checksums, {encoding: UTF8}, {locale: C.UTF-8}, {auth-host: scram-sha-256}]
		  pg_hba:
		    - host replication replicator 127.0.0.1/32 scram-sha-256
		    - host all all 127.0.0.1/32 scram-sha-256
		postgresql:
		  listen: 127.0.0.1:$(postgres_port "$node")
		  connect_address: 127.0.0.1:$(postgres_port "$node")
		  data_dir: $folder/node$node/books
		  bin_dir: $programs
		  pgpass: $folder/node$node/pgpass
		  parameters:
		    unix_socket_directories: ""
		  authentication:
		    superuser: {username: postgres, password: $superuser_password}
		    replication: {username: replicator, password: $replication_password}
		    rewind: {username: rewinder, password: $rewind_password}
	END
}

# Whoever leads says so to Patroni's own check. When it no longer does, its
# connections are cut, also those that hang: a client that waits for a dead
# leader would wait for ever.
write_haproxy() {
	local node
	cat >"$folder/haproxy.cfg" <<-END
		global
		  maxconn 500
		defaults
		  mode tcp
		  retries 0
		  timeout connect 2s
		  timeout check 2s
		  timeout client 24h
		  timeout server 24h
		listen leader
		  bind 127.0.0.1:$(leader_port)
		  option httpchk OPTIONS /primary
		  http-check expect status 200
		  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
	END
	for node in "${nodes[@]}"; do
		echo "  server node$node 127.0.0.1:$(postgres_port "$node") check port $(rest_port "$node")"
	done >>"$folder/haproxy.cfg"
}

# Commands.

find_programs() {
	local program
	for program in patroni etcd haproxy setsid setpriv; do
		command -v "$program" >/dev/null || complain "$program is not installed"
	done
	programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
	[[ -x $programs/postgres ]] || complain "PostgreSQL is not installed"
}

start_node() {
	local node=$1 other members=()
	for other in "${nodes[@]}"; do
		members+=("node$other=http://127.0.0.1:$(peer_port "$other")")
	done
	running "$folder/node$node/etcd.pid" >/dev/null || launch "node$node/etcd" etcd \
		--name "node$node" --data-dir "$folder/node$node/etcd" --enable-v2 --logger zap --log-level warn \
		--listen-client-urls "http://127.0.0.1:$(etcd_port "$node")" --advertise-client-urls "http://127.0.0.1:$(etcd_port "$node")" \
		--listen-peer-urls "http://127.0.0.1:$(peer_port "$node")" --initial-advertise-peer-urls "http://127.0.0.1:$(peer_port "$node")" \
		--initial-cluster "$(IFS=,; echo "${members[*]}")" --initial-cluster-token "hansa-$base"
	running "$folder/node$node/patroni.pid" >/dev/null || launch "node$node/patroni" patroni "$folder/node$node/patroni.yml"
}

start() {
	local node
	mkdir -p "$folder"
	[[ -z $(ls -A "$folder") ]] || complain "$folder is not empty"
	umask 077
	write_settings
	for node in "${nodes[@]}"; do
		mkdir "$folder/node$node"
		write_patroni "$node"
	done
	write_haproxy
	[[ $EUID != 0 ]] || chown -R postgres: "$folder"
	trap stop ERR EXIT
	for node in "${nodes[@]}"; do
		start_node "$node"
	done
	launch haproxy haproxy -db -f "$folder/haproxy.cfg"
	wait_until_whole
	make_database
	trap - ERR EXIT
	address
}

make_database() {
	query "CREATE ROLE hansa LOGIN PASSWORD '$hansa_password'"
	query "CREATE DATABASE hansa OWNER hansa TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
}

address() {
	echo "postgres://hansa:$hansa_password@127.0.0.1:$(leader_port)/hansa?sslmode=disable&connect_timeout=2"
}

status() {
	local node role
	for node in "${nodes[@]}"; do
		if is "$node" primary; then
			role=leader
		elif is "$node" sync; then
			role="replica, which commits wait for"
		elif is "$node" replica; then
			role=replica
		else
			role="not well"
		fi
		echo "node$node  port $(postgres_port "$node")  $role"
	done
	is_whole
}

chosen() {
	local node=${1:-}
	if [[ -z $node ]]; then
		node=$(leader) || complain "nobody leads"
	fi
	[[ $node =~ ^[123]$ ]] || complain "there is no node $node"
	echo "$node"
}

# processes_of N prints the numbers of all that runs on a node.
processes_of() {
	running "$folder/node$1/patroni.pid" || true
	running "$folder/node$1/etcd.pid" || true
	postgres_of "$1"
}

# signal NAME N PROCESS… sends a signal to what is left of the processes of a node.
signal() {
	local name=$1 node=$2
	shift 2
	(($# > 0)) || complain "nothing of that runs on node $node"
	kill -s "$name" "$@" 2>/dev/null || true
	echo "$node"
}

switchover() {
	local node
	node=$(leader) || complain "nobody leads"
	ask "$(rest_port "$node")" POST /switchover "{\"leader\": \"node$node\"}" | tail -1
}

configure() {
	local node
	node=$(leader) || complain "nobody leads"
	ask "$(rest_port "$node")" PATCH /config "$1" | tail -1
}

# stop ends Patroni first, which stops its server, and etcd last.
stop() {
	trap - ERR EXIT
	finish "$folder"/node?/patroni.pid
	finish "$folder"/haproxy.pid "$folder"/node?/books/postmaster.pid "$folder"/node?/etcd.pid
}

[[ $# -ge 2 ]] || usage
command=$1
folder=$(realpath -m "$2")
shift 2
find_programs
as_postgres=()
[[ $EUID != 0 ]] || as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
[[ $command == start ]] || read_settings
case $command in
*-node | *-postgres) node=$(chosen "$@") ;;
esac
# shellcheck disable=SC2046
case $command in
start) start ;;
status) status ;;
address) address ;;
wait) wait_until_whole ;;
kill-node) signal KILL "$node" $(processes_of "$node") ;;
kill-postgres) signal KILL "$node" $(postgres_of "$node") ;;
freeze-node) signal STOP "$node" $(processes_of "$node") ;;
freeze-postgres) signal STOP "$node" $(postgres_of "$node") ;;
thaw-node) signal CONT "$node" $(processes_of "$node") ;;
start-node) start_node "$node" ;;
switchover) switchover ;;
configure) configure "$@" ;;
stop) stop ;;
*) usage ;;
esac
