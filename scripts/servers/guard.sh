# Runs a server that must not outlive whoever asked for it.
# usage: guard.sh FOLDER COMMAND… ; file descriptor 3 receives the server's process id as a line.
# Standard input is a pipe that the owner keeps open. When it closes, because the owner ended in whatever way
# (kill -9 included), the server is killed and FOLDER is removed. The guard ends with the server's exit code.
folder=$1
shift
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
server=$!
echo "$server" >&3
exec 3>&-
(
  read -r _ <&4
  # From here on the guard, which sees the server end, must not end this.
  trap '' TERM
  kill -9 "$server" 2>/dev/null
  # The server may take a moment to let go of its files.
  while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
  rm -rf "$folder"
) &
watcher=$!
exec 4<&-
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
