# Debian and Ubuntu packages, by profile.

build_packages=(python3 build-essential pkg-config libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libsqlite3-dev libsodium-dev libssl-dev libxml2-dev libqrencode-dev zlib1g-dev)
# The audit reads the versions and licences of the libraries that the build links, and compiles our C against their headers.
lint_packages=(nodejs python3-venv "${build_packages[@]}")
demo_packages=(ffmpeg python3 python3-venv python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good)
package_packages=(dpkg-dev chrpath binutils)
# The tests of the Debian package: what checks it, and what a root to install it in needs.
test_packages=(lintian systemd systemd-container debootstrap iproute2 curl nodejs chromium-headless-shell fonts-dejavu-core sqlite3 gstreamer1.0-plugins-bad openssl swift-proxy swift-account swift-container swift-object memcached)
bench_packages=(motion nginx-light wrk sqlite3)

# Only Debian's Python finds the GStreamer bindings; another one (pyenv, Homebrew) does not. Called after the packages are
# installed, since a new machine may have no Python before.
find_python() {
    python=/usr/bin/python3
    [[ -x $python ]] || python=$(command -v python3) || stop "Python 3 is missing: install it with this machine's package manager"
}

installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

# nginx is packaged in several variants; any of them serves files.
satisfied() {
    case $1 in
    nginx-light) installed nginx-light || installed nginx || installed nginx-core || installed nginx-full ;;
    *) installed "$1" ;;
    esac
}

install_packages() {
    local all=() missing=() package profile
    for profile in lint build demo package test bench; do
        [[ -n ${wanted[$profile]:-} ]] || continue
        local -n packages=${profile}_packages
        all+=("${packages[@]}")
    done
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        packages_by_hand "${all[@]}"
        return
    fi
    for package in "${all[@]}"; do
        satisfied "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    local as_root=()
    if ((EUID != 0)); then
        as_root=(sudo -n)
        sudo -n true 2>/dev/null ||
            stop "these packages are missing and installing them needs root; run: sudo apt-get install --no-install-recommends ${missing[*]}"
    fi
    say "packages: installing ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -q=2)
    "${apt[@]}" update >/dev/null || say "packages: the package lists could not be refreshed; trying with the existing ones"
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >"$cache/apt.log" 2>&1 ||
        stop "apt-get could not install ${missing[*]}: $(grep -m1 '^E:' "$cache/apt.log" || tail -n1 "$cache/apt.log")"
}

# Without apt nothing is installed: the function only names what is missing.
packages_by_hand() {
    local lacking=() program
    pkg-config --exists libavformat libavcodec libavutil libswscale sqlite3 libsodium libcrypto libxml-2.0 libqrencode zlib 2>/dev/null || lacking+=("FFmpeg 5, SQLite, libsodium, libxml2, libqrencode, zlib and OpenSSL 3 with their headers")
    command -v python3 >/dev/null || lacking+=(python3)
    if [[ -n ${wanted[demo]:-} ]]; then
        command -v ffmpeg >/dev/null || lacking+=(ffmpeg)
        find_python
        "$python" -c 'import gi; gi.require_version("GstRtspServer", "1.0")' 2>/dev/null || lacking+=("GStreamer's RTSP server with Python bindings")
    fi
    ((${#lacking[@]} == 0)) ||
        stop "this machine has no apt; install with its own package manager what Debian calls: $* (missing here: $(printf '%s; ' "${lacking[@]}"))"
}
