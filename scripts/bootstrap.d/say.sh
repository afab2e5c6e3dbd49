# Output of set-up: one line per step, and one sentence when it cannot continue.

say() { printf 'set-up: %s\n' "$*" >&2; }

# stop SENTENCE: prints what is missing and what to do about it, and exits.
stop() {
    say "$*"
    exit 1
}

# step NAME FUNCTION: runs the step, and says how long it took if that was more than a second.
step() {
    local name=$1 began=$SECONDS
    shift
    "$@"
    local took=$((SECONDS - began))
    if ((took > 1)); then say "$name: done in $took s"; else say "$name: already there"; fi
}
