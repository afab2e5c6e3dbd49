import GuardianCore
import X509

/// From when to when a certificate is valid.
public struct CertificateValidity: Hashable, Sendable {
    public let begin: Timestamp
    public let end: Timestamp

    public init(begin: Timestamp, end: Timestamp) { (self.begin, self.end) = (begin, end) }

    /// Reads the first certificate of a PEM file; `nil` when there is none, or one whose times no clock can show.
    public init?(path: String) {
        guard let certificate = CertificateFile.first(path) else { return nil }
        let (begin, end) = (Timestamp(certificate.notValidBefore), Timestamp(certificate.notValidAfter))
        guard begin < end else { return nil }
        self.init(begin: begin, end: end)
    }

    /// The time that is left at a moment; negative afterwards.
    public func left(at now: Timestamp) -> Duration { .milliseconds(end - now) }

    public var length: Duration { .milliseconds(end - begin) }
}
