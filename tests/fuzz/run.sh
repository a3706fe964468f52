#!/bin/sh
# Builds the libFuzzer targets of this folder with clang and its sanitizers, and lets each run for a while.
#
#     cmake --build build --target fuzz
#     tests/fuzz/run.sh FOLDER [TARGET...]     the same; FOLDER is for programs and findings, and is made
#
# SYNFIN_FUZZ_SECONDS says how long, each: 60, or 600 for a thorough run. Each target starts from its corpus in
# tests/fuzz/corpus/, which the ordinary tests replay; what it finds new stays in FOLDER. Exit status: 0 nothing found,
# 1 something was, 77 clang or its libFuzzer (Debian: clang, libclang-rt-14-dev) isn't there.

set -u
export LC_ALL=C
[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//; 2,9p' "$0"; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${SYNFIN_FUZZ_SECONDS:-60}
mkdir -p "$1" || exit 2
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- wire core
cd "$root" || exit 2

sanitize=-fsanitize=fuzzer,address,undefined
echo 'int LLVMFuzzerTestOneInput(const char *o, unsigned long n) { return o == 0 && n > 0; }' >"$folder/empty.c"
if ! clang "$sanitize" "$folder/empty.c" -o "$folder/empty" >"$folder/empty.log" 2>&1; then
    cat "$folder/empty.log"
    echo "clang can't build for libFuzzer: Debian's packages are clang and libclang-rt-14-dev"
    exit 77
fi

for target in "$@"; do
    clang -std=c11 -D_POSIX_C_SOURCE=200809L -g -O1 "$sanitize" -fno-sanitize-recover=all -fno-omit-frame-pointer -I. \
        "tests/fuzz/$target.c" "tests/oracle_$target.c" core/*.c -o "$folder/fuzz_$target" || exit 1
done

# fuzz TARGET: its last words are in FOLDER/TARGET.log.
fuzz() {
    mkdir -p "$folder/$1.corpus" "$folder/$1.found"
    "$folder/fuzz_$1" -max_len=2000 -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2000 -print_final_stats=1 \
        -artifact_prefix="$folder/$1.found/" "$folder/$1.corpus" "tests/fuzz/corpus/$1" >"$folder/$1.log" 2>&1
}

running=''
for target in "$@"; do
    fuzz "$target" &
    running="$running $target:$!"
done
failures=0
for one in $running; do
    target=${one%:*}
    if wait "${one#*:}"; then
        echo "$target: nothing found in $seconds s: $(sed -n 's/^stat::number_of_executed_units: */inputs: /p' "$folder/$target.log")"
        continue
    fi
    failures=$((failures + 1))
    echo "FOUND: $target"
    tail -n 40 "$folder/$target.log"
    for input in "$folder/$target.found"/*; do
        [ -e "$input" ] || continue
        echo "to see it again: $folder/fuzz_$target $input"
        echo "to keep it as a test: cp $input tests/fuzz/corpus/$target/NAME"
    done
done
[ "$failures" -eq 0 ]
