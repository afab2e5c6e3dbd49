import Foundation
import GuardianCore
import GuardianHTTP
import GuardianWire

/// What an answer to the node consists of.
package enum RelayContent: Sendable {
    case file(ServedFile)
    /// A JPEG of what a camera shows now.
    case picture([UInt8])
    /// A camera's live view, until it ends.
    case live(AsyncStream<LiveRecord>)

    /// What is said before the bytes.
    func head(of grant: RelayGrant) -> Guardian_V1_RelayHead {
        .with { head in
            head.request = Data(grant.request.bytes)
            switch self {
            case .file(let file):
                (head.size, head.etag, head.growing) = (UInt64(file.length), file.etag, file.isGrowing)
            case .picture(let bytes): (head.size, head.etag) = (UInt64(bytes.count), Self.tagOfNow)
            case .live: (head.size, head.etag, head.growing) = (0, Self.tagOfNow, true)
            }
        }
    }

    /// Nobody compares it: what a camera shows now is not asked for again.
    private static let tagOfNow = "\"now\""
}
