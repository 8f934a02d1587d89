# shellcheck shell=bash
# What ./dev installs before it builds. Sourced by ./dev, which sets `root` and defines say and stop.

packageTable=${root:?}/scripts/dev/packages

# packageRows GROUP... : the lines of the table in these groups, as group|debian|fedora|arch|opensuse|why
packageRows() {
    local row group debian fedora arch opensuse why
    while IFS='|' read -r group debian fedora arch opensuse why; do
        group=${group// /}
        [[ -n $group && $group != \#* && " $* " == *" $group "* ]] || continue
        row="$group|${debian// /}|${fedora// /}|${arch// /}|${opensuse// /}|${why# }"
        printf '%s\n' "$row"
    done <"$packageTable"
}

# distributionFamily : debian, fedora, arch, opensuse or other
distributionFamily() {
    local names=""
    if [[ -r /etc/os-release ]]; then
        # shellcheck disable=SC1091
        names=$(. /etc/os-release && printf '%s %s' "${ID-}" "${ID_LIKE-}")
    fi
    case " $names " in
        *" debian "*) echo debian ;;
        *" fedora "*) echo fedora ;;
        *" arch "*) echo arch ;;
        *suse*) echo opensuse ;;
        *) echo other ;;
    esac
}

# need GROUP... : installs what is missing of these groups, or says what is needed and goes on if the tools are there
need() {
    if [[ -n ${STEADYFRAME_NO_INSTALL-} ]]; then
        return
    fi
    if [[ $(distributionFamily) == debian ]] && command -v apt-get >/dev/null; then
        installOnDebian "$@"
    else
        nameElsewhere "$@"
    fi
}

installOnDebian() {
    local -A installed=()
    local -a missing=()
    local name status why rows
    rows=$(packageRows "$@")
    # shellcheck disable=SC2016
    while read -r name status; do
        [[ $status == installed ]] && installed[$name]=1
    done < <(cut -d'|' -f2 <<<"$rows" |
        xargs dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' 2>/dev/null)
    while IFS='|' read -r _ name _ _ _ _; do
        [[ -n $name && -z ${installed[$name]-} ]] && missing+=("$name")
    done <<<"$rows"
    ((${#missing[@]})) || return 0

    say "To be installed by apt, with what they depend on:"
    while IFS='|' read -r _ name _ _ _ why; do
        [[ " ${missing[*]} " == *" $name "* ]] && printf '    %-36s %s\n' "$name" "$why"
    done <<<"$rows"

    local -a asRoot=(env DEBIAN_FRONTEND=noninteractive)
    if ((EUID != 0)); then
        command -v sudo >/dev/null || stop "Installing needs root, and there is no sudo here. As root, run:" \
            "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        say "Installing needs root: sudo may ask for your password."
        asRoot=(sudo "${asRoot[@]}")
    fi
    local -a get=("${asRoot[@]}" apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
    local -a install=("${get[@]}" install --yes --no-install-recommends "${missing[@]}")
    # Lists that are absent or older than the archive make the first try fail; then they are fetched.
    if ! apt-get --simulate --no-install-recommends install "${missing[@]}" &>/dev/null ||
        ! "${install[@]}" </dev/null; then
        say "Fetching apt's lists of packages"
        "${get[@]}" update </dev/null
        "${install[@]}" </dev/null ||
            stop "apt could not install what is needed; its message is above. Debian 12 has all of it."
    fi
}

# The tools without which nothing begins; CMake names a missing library by itself.
nameElsewhere() {
    local -a absent=()
    local tool
    local -A toolsOf=([run]="c++ cmake ninja" [display]="xvfb-run" [lint]="git python3 clang-format")
    local group
    for group in "$@"; do
        for tool in ${toolsOf[$group]-}; do
            command -v "$tool" >/dev/null || absent+=("$tool")
        done
    done
    local stamp
    stamp=$root/build/packages-named-$(IFS=-; echo "$*")
    if ((${#absent[@]} == 0)) && [[ -e $stamp ]]; then
        return
    fi

    local family column why name
    family=$(distributionFamily)
    case $family in
        fedora) column=3 ;;
        arch) column=4 ;;
        opensuse) column=5 ;;
        *) column=2 ;;
    esac
    say "This is not Debian, so nothing is installed for you. Needed (Qt 6.4, CMake 3.25 or later):"
    while IFS='|' read -r name why; do
        [[ $name != - ]] && printf '    %-36s %s\n' "$name" "$why"
    done < <(packageRows "$@" | cut -d'|' -f"$column,6")
    ((column == 2)) && say "These are Debian's names; your distribution may call them otherwise."
    ((${#absent[@]} == 0)) || stop "Not found: ${absent[*]}. Install them and call ./dev again."
    say "The tools are there, so going on; CMake will name a library that is missing."
    mkdir -p "$root/build" && : >"$stamp"
}
