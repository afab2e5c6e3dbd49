# Prometheus and Alertmanager, for the tests of deploy/monitoring: four programs of Debian's packages, unpacked, with Alertmanager's
# templates. The packages are not installed: they would start services, make users, and meddle with a Prometheus that this
# machine may run.

prometheus_programs=(prometheus promtool prometheus-alertmanager amtool)

install_prometheus() {
    local at=$cache/prometheus-1 program lacking=0
    if [[ ! -d $at ]]; then
        local partial
        partial=$(fresh "$at")
        if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
            say "prometheus: downloading prometheus and prometheus-alertmanager (30 MB)"
            (cd "$partial" && apt-get -q=2 -o Acquire::Retries=3 download prometheus prometheus-alertmanager) >"$cache/prometheus.log" 2>&1 ||
                stop "apt-get could not download prometheus: $(grep -m1 '^E:' "$cache/prometheus.log" || tail -n1 "$cache/prometheus.log") (try apt-get update)"
            mkdir -p "$partial/unpacked"
            for program in "$partial"/*.deb; do dpkg-deb --extract "$program" "$partial/unpacked"; done
            mv -- "$partial"/unpacked/usr/bin/* "$partial"
            mkdir -p "$partial/share/prometheus"
            # It is where Debian's Alertmanager looks for them, but for the root folder (Tests/EndToEnd/operations/monitoring.py).
            mv -T -- "$partial/unpacked/usr/share/prometheus/alertmanager" "$partial/share/prometheus/alertmanager"
            rm -rf -- "$partial/unpacked" "$partial"/*.deb
        else
            for program in "${prometheus_programs[@]}"; do
                command -v "$program" >/dev/null || stop "$program is missing: install Prometheus and Alertmanager (Debian: prometheus, prometheus-alertmanager)"
                ln -s -- "$(command -v "$program")" "$partial/$program"
            done
        fi
        for program in "${prometheus_programs[@]}"; do [[ -x $partial/$program ]] || lacking=1; done
        ((lacking == 0)) || stop "the packages prometheus and prometheus-alertmanager lack one of ${prometheus_programs[*]}"
        keep "$at"
    fi
    link prometheus "$at"
}
