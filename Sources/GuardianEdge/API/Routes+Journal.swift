import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import Hummingbird

extension Routes {
    /// Adds the route of the journal's entries.
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
    }
}
