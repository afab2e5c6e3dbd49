import Foundation
import GuardianCore

/// The parts of one clip, checked for completeness and order by the `previous` of each.
public struct PartChain: Sendable {
    /// In order of their numbers.
    public let parts: [SealedPrefix]

    /// - Parameter parts: the parts of one clip, in any order.
    /// - Throws: `failedPrecondition` that names the part that is missing, foreign, duplicate or replaced. A missing
    ///   last part is not detected, because only the journal knows how many there are: compare `parts.count` with it.
    public init(_ parts: [SealedPrefix]) throws {
        let parts = parts.sorted { $0.header.part < $1.header.part }
        for (index, part) in parts.enumerated() {
            let header = part.header
            guard header.subject == parts[0].header.subject, header.deviceKey == parts[0].header.deviceKey else {
                throw Self.broken("Part \(header.part) belongs to another clip or comes from another device.")
            }
            guard header.part == index else {
                throw Self.broken(
                    header.part > index
                        ? "Part \(index) of the clip is missing." : "Part \(header.part) is there more than once.")
            }
            guard header.previous == (index == 0 ? nil : parts[index - 1].bind) else {
                throw Self.broken("Part \(index) does not follow the part before it: one of them was replaced.")
            }
        }
        self.parts = parts
    }

    private static func broken(_ what: String) -> GuardianError {
        GuardianError(.failedPrecondition, "\(what) Fetch all parts of the clip again.")
    }
}
