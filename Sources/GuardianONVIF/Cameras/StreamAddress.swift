import GuardianCore

/// The address of a stream or a picture, at the host that we talk to.
public struct StreamAddress: Sendable, Equatable {
    /// Without name and password before the host. Some makers put a password into the path or the query, without which the
    /// address is of no use; that is why it is a secret.
    public let complete: Secret<String>
    /// For people and logs: passwords in it are replaced by `…`.
    public let text: String
    /// The host that the camera gave, when it is not the one that we talk to.
    public let claimedHost: String?

    /// - Parameters:
    ///   - text: the camera's answer.
    ///   - schemes: those that may be in it.
    ///   - host: where the camera is asked; stands in place of the one in the answer. The port is the camera's.
    /// - Returns: `nil` for what is no such address.
    package init?(_ text: String, schemes: Set<String>, host: String) {
        guard var uri = PlainURI(text), schemes.contains(uri.scheme) else { return nil }
        claimedHost = PlainURI.isSame(uri.host, host) ? nil : uri.host
        uri.host = host
        complete = Secret(uri.text)
        self.text = SecretParameters.redact(uri.text)
    }
}

/// The streams of one lens.
public struct CameraStreams: Sendable {
    public var main: Stream
    /// `nil` when the main stream is analysed.
    public var detection: Stream?
    /// Where a picture of the main stream can be fetched; `nil` when the camera has none.
    public var snapshot: StreamAddress?

    public struct Stream: Sendable {
        public var profile: MediaProfile
        public var address: StreamAddress
    }
}
