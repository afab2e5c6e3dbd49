import Foundation
import GuardianCore
import GuardianJournal

/// The newest entry that this device has signed, in a file beside the database. A database that ends before it was restored
/// from a backup or lost its end, and must not sign other entries under the same sequences.
package struct JournalHeadFile {
    private struct Content: Codable, Equatable {
        var chain: ChainID
        var sequence: Int64
        var hash: Hash256?
    }

    private let path: String

    package init(path: String) { self.path = path }

    /// Returns the head; `nil` when the file is missing or damaged: then nothing is known.
    package func read() -> ChainHead? {
        guard let data = FileManager.default.contents(atPath: path), data.count < 10_000,
            let content = try? JSONDecoder().decode(Content.self, from: data), content.sequence >= 0
        else { return nil }
        return ChainHead(chain: content.chain, sequence: content.sequence, hash: content.hash)
    }

    /// - Throws: when the file cannot be written.
    package func write(_ head: ChainHead) throws {
        let content = Content(chain: head.chain, sequence: head.sequence, hash: head.hash)
        try JSONEncoder().encode(content).write(to: URL(filePath: path), options: .atomic)
    }
}
