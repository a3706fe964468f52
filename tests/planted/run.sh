#!/bin/sh
# Plants each bug of bugs.txt in a copy of the program, builds it, and shows that check or explore catches it.
#
#     tests/planted/run.sh FOLDER            all bugs; FOLDER is for the copy, and is made
#     tests/planted/run.sh FOLDER NAME...    those bugs alone
#
# A bug counts as caught when its command holds for the program as it is, and for the program with the bug fails the
# claim that the row names, within LIMIT seconds. Every row's line must stand exactly once in its file, whichever bugs
# are asked for. The canaries are always done: claims that can't hold, and a row that plants nothing and so must not be
# caught. Exit status: 0 all is as the table says, 1 something isn't.

set -u
export LC_ALL=C
unset SYNFIN_LANG
LIMIT=20
PROGRAM_PARTS='core sim tests CMakeLists.txt'

if [ $# -eq 0 ]; then
    sed -n 's/^# \{0,1\}//; 2,10p' "$0"
    exit 2
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1" || exit 2
copy=$(cd "$1" && pwd)/copy
shift
wanted=" $* " left=$#
table=$root/tests/planted/bugs.txt
failures=0
caught=0

# failed NAME WHAT: says it, with the command that shows it again.
failed() {
    failures=$((failures + 1))
    printf 'FAILED: %s: %s\n    to see it again: tests/planted/run.sh FOLDER %s\n' "$1" "$2" "$1"
}

# build: the copy as it now stands.
build() {
    cmake --build "$copy/build" -j2 --target synfin >"$copy/build.log" 2>&1
}

# The copy is always made anew: what an interrupted run has left planted must not stay.
prepare() {
    rm -rf "$copy"
    mkdir -p "$copy"
    for part in $PROGRAM_PARTS; do cp -R "$root/$part" "$copy/" || exit 2; done
    set -- -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS=-O1
    if ! cmake -S "$copy" -B "$copy/build" "$@" >"$copy/build.log" 2>&1 || ! build; then
        cat "$copy/build.log"
        echo 'FAILED: the program as it is does not build'
        exit 1
    fi
    cp "$copy/build/synfin" "$copy/unchanged"
}

# run_with PROGRAM COMMAND: its output is in $copy/output, its exit status in $status. 124: it took too long.
run_with() {
    # $2 is a list of words.
    (cd "$root" && timeout "$LIMIT" "$1" $2) >"$copy/output" 2>&1
    status=$?
}

# holds COMMAND: the program as it is exits with 0. Each command is run once.
holds() {
    grep -Fqx -- "$1" "$copy/holding" 2>/dev/null && return 0
    run_with "$copy/unchanged" "$1"
    [ "$status" -eq 0 ] && printf '%s\n' "$1" >>"$copy/holding"
}

# fails CLAIM: what run_with did ended with that claim broken, perhaps among others.
fails() {
    [ "$status" -eq 1 ] || return 1
    case $1 in
    DEADLOCK | LIVELOCK) grep -q "^$1:" "$copy/output" ;;
    *) grep -Fqx -- "FAILED: $1" "$copy/output" ;;
    esac
}

# How long the search was, in its own words.
effort() {
    sed -n -e 's/^FAIL: \(run [0-9]*\):.*/\1/p' -e 's/^states: *\([0-9]*\),.*/\1 states/p' "$copy/output" | head -n 1
}

# edit COUNT-OR-PLANT FILE: awk over a file, with the row's line and what takes its place. Space around it is not
# compared.
edit() {
    LINE=$line NOW=$now awk -v what="$1" '
        { text = $0; gsub(/^[ \t]+|[ \t]+$/, "", text) }
        text == ENVIRON["LINE"] { count++; if (what == "plant") { print ENVIRON["NOW"]; next } }
        what == "plant" { print }
        END { if (what == "count") print count + 0 }' "$2"
}

# ---- Canaries: claims that can't hold --------------------------------------------------------------------------------

# must_fail COMMAND: with the program as it is.
must_fail() {
    run_with "$copy/unchanged" "$1"
    [ "$status" -eq 1 ] && return
    failures=$((failures + 1))
    printf 'FAILED: a claim that cannot hold was not found broken (exit status %s):\n    synfin %s\n' "$status" "$1"
}

canaries() {
    must_fail 'check tests/planted/canary-never.lua --runs 10'
    must_fail 'explore tests/planted/canary-never.lua'
    must_fail 'check tests/planted/canary-faults.lua --runs 1000'
    must_fail 'explore tests/planted/canary-faults.lua --drop 1'
}

# ---- Bugs ------------------------------------------------------------------------------------------------------------

# Every row is looked at, also when others were asked for.
check_row() {
    if [ -z "$file" ] || [ -z "$line" ] || [ -z "$command" ] || [ -z "$claim" ] || [ -z "$why" ]; then
        failed "$bug" 'a field of its row is missing'
    elif [ ! -f "$root/$file" ]; then
        failed "$bug" "there is no file $file"
    elif count=$(edit count "$root/$file") && [ "$count" -ne 1 ]; then
        failed "$bug" "its line stands $count times in $file, not once: $line"
    else
        return 0
    fi
    return 1
}

# plant: builds the copy with the bug, runs the row's command with it, and puts the copy right again.
plant() {
    cp "$copy/$file" "$copy/original"
    edit plant "$copy/original" >"$copy/$file"
    build
    built=$?
    cp "$copy/original" "$copy/$file"
    [ $built -eq 0 ] && run_with "$copy/build/synfin" "$command"
}

do_row() {
    start=$(date +%s)
    if ! holds "$command"; then
        failed "$bug" "without the bug, exit status $status: synfin $command"
    elif ! plant; then
        failed "$bug" 'it does not build'
        cat "$copy/build.log"
    elif [ "$claim" = nothing ]; then
        [ "$status" -eq 0 ] && return
        failed "$bug" "nothing was planted, and yet it was caught: synfin $command"
    elif ! fails "$claim"; then
        failed "$bug" "not caught by \"$claim\", exit status $status: synfin $command"
        grep -E '^(FAIL|DEADLOCK|LIVELOCK|HOLDS|PASS|INCOMPLETE)' "$copy/output"
    else
        caught=$((caught + 1))
        printf '%-34s %-8s %12s %3d s   %s\n' "$bug" "${command%% *}" "$(effort)" $(($(date +%s) - start)) "$claim"
    fi
}

is_wanted() {
    case $wanted in
    '  ') ;;
    *" $bug "*) left=$((left - 1)) ;;
    *) [ "$claim" = nothing ] ;;
    esac
}

row() {
    [ -n "$bug" ] || return
    rows=$((rows + 1))
    [ "$claim" = nothing ] && canary_rows=$((canary_rows + 1))
    is_wanted
    asked=$?
    check_row && [ $asked -eq 0 ] && do_row
    bug=
}

# A row is a paragraph of "key text" lines.
each_row() {
    rows=0 canary_rows=0 bug=
    while IFS= read -r text || [ -n "$text" ]; do
        value=${text#* }
        value=${value#"${value%%[! ]*}"}
        case $text in
        \#*) ;;
        '') row ;;
        'bug '*) bug=$value file='' line='' now='' command='' claim='' why='' ;;
        'file '*) file=$value ;;
        'line '*) line=$value ;;
        now) now='' ;;
        'now '*) now=$value ;;
        'run '*) command=$value ;;
        'claim '*) claim=$value ;;
        'why '* | 'seen '*) why=$value ;;
        *) failed "${bug:-?}" "a line of bugs.txt that says nothing: $text" ;;
        esac
    done <"$table"
    row
}

prepare
canaries
each_row
[ "$canary_rows" -eq 1 ] || failed canary "bugs.txt has $canary_rows rows that plant nothing, not one"
[ "$left" -eq 0 ] || failed "$wanted" "bugs.txt has no row for $left of these names"
echo "$caught bugs of $rows rows were caught, $failures failures"
[ "$failures" -eq 0 ] && [ "$caught" -gt 0 ]
