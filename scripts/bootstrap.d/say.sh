# How set-up talks: one line a step, and one sentence when it cannot go on.

say() { printf 'set-up: %s\n' "$*" >&2; }

# stop SENTENCE: what is missing and what to do about it.
stop() {
    say "$*"
    exit 1
}

# step NAME FUNCTION: runs the step, tells how long it took when that is worth telling.
step() {
    local name=$1 began=$SECONDS
    shift
    "$@"
    local took=$((SECONDS - began))
    if ((took > 1)); then say "$name: done in $took s"; else say "$name: stands"; fi
}
