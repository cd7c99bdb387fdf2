# serve PROGRAMS FOLDER PORT: a PostgreSQL in FOLDER for as long as standard
# input stays open. It says "ready" when it takes connections; when the input
# ends, or it is told to end, it stops the server and removes the folder.
programs=$1 folder=$2 port=$3
end() {
	"$programs/pg_ctl" -s -D "$folder/books" -m immediate stop >/dev/null 2>&1
	cd / && rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' HUP INT TERM
exec 2>&1
"$programs/initdb" --no-sync --data-checksums --auth=trust --username=postgres \
	--encoding=UTF8 --locale=C -D "$folder/books" >"$folder/log" || { cat "$folder/log"; exit 1; }
"$programs/pg_ctl" -s -w -t 60 -D "$folder/books" -l "$folder/log" -o \
	"-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$folder' -c max_connections=200 -c timezone=UTC" \
	start || { cat "$folder/log"; exit 1; }
echo ready
read -r _
exit 0
