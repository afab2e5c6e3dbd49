# Real footage: not committed, extracted from packages that contain it.

install_footage() {
    local at=$cache/footage-${vtest_sha256:0:12}
    if [[ ! -d $at ]]; then
        command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
            stop "the demo's footage is in Debian's package opencv-doc: put its vtest.avi into $at"
        local partial
        partial=$(fresh "$at")
        say "footage: downloading opencv-doc (95 MB) for vtest.avi"
        (cd "$partial" && apt-get -q=2 download opencv-doc) >"$cache/footage.log" 2>&1 ||
            stop "apt-get could not download opencv-doc: $(grep -m1 '^E:' "$cache/footage.log" || tail -n1 "$cache/footage.log") (try apt-get update)"
        dpkg-deb --fsys-tarfile "$partial"/opencv-doc_*.deb |
            tar -xO --wildcards '*/examples/data/vtest.avi' >"$partial/vtest.avi"
        check "$partial/vtest.avi" "$vtest_sha256"
        rm -f -- "$partial"/opencv-doc_*.deb
        keep "$at"
    fi
    link footage/vtest.avi "$at/vtest.avi"
}
