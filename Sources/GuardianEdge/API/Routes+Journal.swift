import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import Hummingbird

extension Routes {
    /// Adds the routes of the journal's entries and of coverage gaps.
    mutating func addJournal(_ sources: EdgeSources) {
        get("/api/v1/journal", needs: .mayForAllCameras(.readJournal), query: ["after", "limit", "chain"]) { web in
            let after = try web.query.integer("after", in: 0...(.max), absent: 0)
            let chain = try web.query["chain"].map { text in
                guard let chain = ChainID(text) else {
                    throw GuardianError(.invalidArgument, "chain must be a chain's UUID; leave it out for the newest.")
                }
                return chain
            }
            let journal = sources.journal
            let entries = try await journal.entries(of: chain, after: after, limit: web.query.limit())
            return try JSON.response(
                JournalPage(
                    deviceKey: Data(journal.deviceKey.bytes).base64EncodedString(), chain: chain ?? journal.chain,
                    items: entries.map { entry in
                        JournalPage.Entry(
                            sequence: entry.sequence, payload: Data(entry.payload).base64EncodedString(),
                            signature: Data(entry.signature).base64EncodedString())
                    }))
        }
        get("/api/v1/coverage", needs: .may(.readEvents), query: ["camera", "from", "to"]) { web in
            let query = try web.query.span()
            let span = Span(from: query.from, to: query.to, now: sources.clock.now(), hours: 7 * 24)
            let names = sources.names.seen(by: web.principal.cameras)
            let camera = try web.query.alias().map(names.camera(named:))
            let cameras = web.principal.cameras.filter(camera)
            let gaps =
                span.isEmpty
                ? [] : try await sources.journal.catalogue.gaps(cameras: cameras, from: span.from, to: span.to)
            let watchedSince = try await sources.journal.catalogue.watchedSince(
                camera.map { [$0] } ?? sources.cameras.map(\.id).filter(web.principal.sees))
            return try JSON.response(
                CoveragePage(items: gaps.map { CoverageView($0, names: names) }, watchedSince: watchedSince))
        }
    }
}
