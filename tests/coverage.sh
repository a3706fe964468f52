#!/bin/sh
# Branch coverage of core/ by its own tests: those that link core and nothing above it. Needs gcc and its gcov.
#
#     cmake --build build --target coverage
#     tests/coverage.sh FOLDER [TEST...]     the same; FOLDER is for objects and counts, and is made
#
# Prints a row for each file, then every branch that no test takes. Exit status: 0 all are taken, 1 some aren't, or a
# test failed. Only here core is built without its assertions, whose failing sides nobody can take. One branch is not
# asked for: where a switch over an enum has no default, the compiler adds one that no value takes; -Wswitch-enum has
# made sure that all have their label. It is the last of the switch's branches, one more than there are groups of labels.

set -u
export LC_ALL=C
[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//; 2,10p' "$0"; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1" || exit 2
folder=$(cd "$1" && pwd)
shift
cd "$root/tests" || exit 2
[ $# -gt 0 ] || set -- $(ls test_arrives_table.c test_core*.c test_requirements*.c test_wire*.c | sed 's/\.c$//')
cd "$folder" || exit 2
rm -f ./*.gcda ./*.gcno ./*.gcov ./*.o
common="-std=c11 -D_POSIX_C_SOURCE=200809L -I$root"

# The codec by itself and the state machine in one piece, as CMakeLists.txt builds them.
for source in "$root"/core/*.c; do
    case $source in
    */wire*.c) ;;
    *) echo "#include \"core/$(basename "$source")\"" ;;
    esac
done >state_machine.c
for source in state_machine.c "$root"/core/wire*.c; do
    gcc $common -O0 -DNDEBUG --coverage -c "$source" -o "$(basename "$source" .c).core.o" || exit 1
done
for source in "$root/tests/support.c" "$root"/tests/oracle_*.c; do
    gcc $common -O1 -c "$source" -o "$(basename "$source" .c).o" || exit 1
done

failures=0
for test in "$@"; do
    gcc $common -MM "$root/tests/$test.c" | grep -q '/sim/' && continue  # a host's test
    gcc $common -O1 -DSYNFIN_SOURCE_DIR="\"$root\"" -DSYNFIN_SCRATCH="\"$folder\"" -DSYNFIN_BINARY='""' \
        -DSYNFIN_TEST="\"$test\"" -c "$root/tests/$test.c" -o "$test.test.o" &&
        gcc "$test.test.o" support.o oracle_*.o ./*.core.o --coverage -o "$test" || exit 1
    (cd "$root" && "$folder/$test") >"$test.log" 2>&1 && continue
    failures=$((failures + 1))
    echo "FAILED: $test"
    tail -n 20 "$test.log"
done

# One object after the other: what a header defines is in several of them, and counts once.
for object in *.core.gcda; do
    gcov --branch-counts --branch-probabilities "$object" >"$object.log" 2>&1 || { cat "$object.log"; exit 1; }
    cat ./*.gcov && rm -f ./*.gcov
done >branches.txt

awk -v root="$root/" -v failures="$failures" '
    function indentation(text) { match(text, /^ */); return RLENGTH }
    { sub(/\r$/, "") }
    /^ *-: *0:Source:/ {
        file = substr($0, index($0, "Source:") + 7)
        if (index(file, root) == 1) file = substr(file, length(root) + 1)
        next
    }
    /^ *[-#=0-9*]+: *[0-9]+:/ {  # COUNT:LINE:TEXT
        split($0, part, ":")
        line = part[2] + 0
        text = substr($0, length(part[1]) + length(part[2]) + 3)
        at = file SUBSEP line
        if (!(at in source)) order[++lines] = at
        source[at] = text
        if (line > last[file]) last[file] = line
        next
    }
    /^branch/ && file ~ /^core\// {
        if (!((at, $2) in rank)) {  # calls are numbered with them
            rank[at, $2] = branches[at]++
            taken[at, rank[at, $2]] = 0
        }
        if ($3 == "taken") taken[at, rank[at, $2]] += $4
    }
    # Groups of labels in the body of the switch; -1 when there is a default.
    function groups(file, line,    depth, count, label, text) {
        depth = indentation(source[file, line])
        for (line++; line <= last[file]; line++) {
            text = source[file, line]
            if (text ~ /^ *}/ && indentation(text) == depth) break
            if (text ~ /^ *default:/) return -1
            if (text ~ /^ *\/\//) continue
            if (text ~ /^ *case / && !label) count++
            sub(/ *\/\/.*/, "", text)
            label = text ~ /^ *case .*:$/
        }
        return count
    }
    END {
        for (i = 1; i <= lines; i++) {
            at = order[i]
            if (!(at in branches)) continue
            split(at, place, SUBSEP)
            file = place[1]
            if (!(file in all)) files[++count] = file
            n = branches[at]
            if (source[at] ~ /switch \(\(enum / && taken[at, n - 1] == 0 && groups(file, place[2] + 0) + 1 == n) n--
            for (b = 0; b < n; b++) {
                all[file]++
                if (taken[at, b] > 0) { done[file]++; continue }
                text = source[at]
                sub(/^ */, "", text)
                missed[++misses] = sprintf("%s:%d: branch %d of %d: %s", file, place[2], b + 1, n, text)
            }
        }
        print "branches  taken"
        for (i = 1; i <= count; i++) {
            file = files[i]
            printf "%8d %6d  %s\n", all[file], done[file], file
            total += all[file]
            total_done += done[file]
        }
        printf "%8d %6d  %.2f %%\n", total, total_done, total ? 100 * total_done / total : 0
        if (misses) print "\nnever taken:"
        for (i = 1; i <= misses; i++) print "    " missed[i]
        exit misses > 0 || total == 0 || failures > 0
    }' branches.txt
