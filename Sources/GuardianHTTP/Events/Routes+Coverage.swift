public import GuardianCore

extension Routes {
    /// Adds the route of coverage gaps.
    public mutating func addCoverage(_ coverage: CoverageReading, clock: any WallClock = SystemClock()) {
        get("/api/v1/coverage", needs: .may(.readEvents), query: ["camera", "from", "to"]) { web in
            let query = try web.query.span()
            let span = Span(from: query.from, to: query.to, now: clock.now(), hours: 7 * 24)
            let names = coverage.names.seen(by: web.principal.cameras)
            let camera = try web.query.alias().map(names.camera(named:))
            let cameras = web.principal.cameras.filter(camera)
            let gaps = span.isEmpty ? [] : try await coverage.gaps(cameras, span.from, span.to)
            let asked: Set<CameraID> =
                if let camera { [camera] } else { try await coverage.all().filter(web.principal.sees) }
            let watchedSince = try await coverage.watchedSince(Array(asked))
            return try JSON.response(
                CoveragePage(items: gaps.map { CoverageView($0, names: names) }, watchedSince: watchedSince))
        }
    }
}
