import Foundation
import GuardianCore

/// The times that certificates are made with, which must be right for browsers although this machine's clock may be wrong: small
/// recorders have no battery, and begin in 1970 until they have reached a time server.
package enum CertificateTime {
    /// When the first certificates of this kind were made: no right clock shows an earlier time.
    package static let earliest = Timestamp(milliseconds: 1_767_225_600_000)  // 2026-01-01T00:00:00Z
    /// A time after which no certificate could be dated any more (RFC 5280, 4.1.2.5: years have four digits).
    private static let latest = Timestamp(milliseconds: 250_000_000_000_000)  // 9892-03-11

    package static let day: Int64 = 86_400_000

    /// The time that the clock shows, or the nearest one that can be right.
    package static func plausible(_ now: Timestamp) -> Timestamp { min(max(now, earliest), latest) }
}
