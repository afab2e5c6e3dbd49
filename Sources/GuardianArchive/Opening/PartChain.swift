import Foundation
import GuardianCore

/// The parts of one clip, held together by the `previous` of each: whether they are all there, in order.
public struct PartChain: Sendable {
    /// In order of their numbers.
    public let parts: [SealedPrefix]

    /// - Parameter parts: in any order; one clip's.
    /// - Throws: `failedPrecondition` naming what is missing, foreign, twice or in another's place. A part that is
    ///   missing at the end is known by the journal only: compare `parts.count` with it.
    public init(_ parts: [SealedPrefix]) throws {
        let parts = parts.sorted { $0.header.part < $1.header.part }
        for (place, part) in parts.enumerated() {
            let header = part.header
            guard header.subject == parts[0].header.subject, header.deviceKey == parts[0].header.deviceKey else {
                throw Self.broken("Part \(header.part) belongs to another clip or comes from another device.")
            }
            guard header.part == place else {
                throw Self.broken(
                    header.part > place
                        ? "Part \(place) of the clip is missing." : "Part \(header.part) is there more than once.")
            }
            guard header.previous == (place == 0 ? nil : parts[place - 1].bind) else {
                throw Self.broken("Part \(place) does not follow the part before it: one of them was exchanged.")
            }
        }
        self.parts = parts
    }

    private static func broken(_ what: String) -> GuardianError {
        GuardianError(.failedPrecondition, "\(what) Fetch all parts of the clip again.")
    }
}
