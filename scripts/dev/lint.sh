# shellcheck shell=bash
# ./dev lint: one step a rule. Sourced by ./dev, which sets `root` and `jobs` and defines say, stop and build.

maximumLines=500
maximumHeaderLines=250

# sources PATTERN... : the project's files that match, without what git ignores
sources() { git -C "${root:?}" ls-files --cached --others --exclude-standard --deduplicate -- "$@" | onlyExisting; }
changedSources() {
    {
        git -C "$root" diff --name-only HEAD -- "$@"
        git -C "$root" ls-files --others --exclude-standard -- "$@"
    } | onlyExisting
}
onlyExisting() {
    local file
    while read -r file; do
        if [[ -f $root/$file ]]; then
            printf '%s\n' "$file"
        fi
    done
}

# step TITLE COMMAND... : runs a check and remembers whether it failed
step() {
    local title=$1
    shift
    say "$title"
    if ! (cd "$root" && "$@"); then
        lintFailures+=("$title")
    fi
}

checkFormat() { sources '*.cpp' '*.h' | xargs clang-format --dry-run -Werror; }

checkLengths() {
    local file lines limit status=0
    while read -r file; do
        lines=$(wc -l <"$file")
        limit=$maximumLines
        [[ $file == *.h ]] && limit=$maximumHeaderLines
        if ((lines > limit)); then
            printf '%s: %d lines, more than %d: split it by idea\n' "$file" "$lines" "$limit"
            status=1
        fi
    done < <(sources '*.cpp' '*.h' '*.qml' '*.py' '*.sh' '*.cmake' '*CMakeLists.txt' dev)
    return $status
}

# README's table of packages says what scripts/dev/packages says, in its order.
checkPackagesInReadme() {
    # shellcheck disable=SC2016
    diff --label scripts/dev/packages --label README.md --unified=0 \
        <(packageRows run display wayland test bench peers npm lint | awk -F'|' '{ print $2 ": " $6 }') \
        <(sed -n 's/^| `\([^`]*\)` | \(.*[^ ]\) *|$/\1: \2/p' README.md)
}

checkCaseFolding() { scripts/make_case_folding.py --check; }

checkShell() { shellcheck --external-sources dev .ci/run scripts/dev/*.sh; }

checkDesktopFiles() {
    local file
    while read -r file; do
        case $file in
            *.desktop) desktop-file-validate "$file" || return ;;
            *.metainfo.xml) appstreamcli validate --no-net --pedantic "$file" || return ;;
        esac
    done < <(sources 'resources/*.desktop' 'resources/*.metainfo.xml')
}

checkPublicHeaders() { ninja -C build/lint all_verify_interface_header_sets; }

checkQml() { ninja -C build/lint all_qmllint; }

# clang 14 compiles coroutines once it is told that the library's header may use them.
checkTidy() {
    local -a files
    if [[ $1 == all ]]; then
        mapfile -t files < <(sources '*.cpp')
    else
        mapfile -t files < <(changedSources '*.cpp')
    fi
    if ((${#files[@]} == 0)); then
        echo "No source changed since the last commit; ./dev lint --all reads every one."
        return
    fi
    printf '%s\n' "${files[@]}" | xargs --max-procs="${jobs:?}" --max-args=1 nice clang-tidy -p build/lint --quiet \
        --extra-arg=-Wno-unknown-warning-option --extra-arg=-fcoroutines-ts --extra-arg=-D__cpp_impl_coroutine=201902L \
        2> >(grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' >&2)
}

lint() {
    local -a lintFailures=()
    local argument which=changed
    for argument in "$@"; do
        case $argument in
            --all) which=all ;;
            --fix) (cd "$root" && sources '*.cpp' '*.h' | xargs clang-format -i) ;;
            *) stop "./dev lint takes --all and --fix, not $argument" ;;
        esac
    done
    step "Layout (clang-format)" checkFormat
    step "Layers" scripts/check_layers.py
    step "Lengths" checkLengths
    step "Table of letters' cases" checkCaseFolding
    step "Packages in README.md" checkPackagesInReadme
    step "Shell scripts (shellcheck)" checkShell
    step "Desktop entry and metainfo" checkDesktopFiles
    configure lint
    (cd "$root" && ninja -C build/lint autogen)
    step "Each public header alone" checkPublicHeaders
    step "QML (qmllint)" checkQml
    step "Sources (clang-tidy)" checkTidy $which
    ((${#lintFailures[@]} == 0)) || stop "" "To be mended: $(printf '\n    %s' "${lintFailures[@]}")"
    say "Nothing to mend."
}
