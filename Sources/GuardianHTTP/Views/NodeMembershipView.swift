/// The node that a recorder belongs to.
public struct NodeMembershipView: Codable, Sendable, Hashable {
    /// `HOST:PORT`; `nil`: the recorder has none.
    @Nullable public var address: String?
    /// What names the node: `none`, `file` (the configuration, and only it can change that) or `enrolment`.
    public var origin: String
    /// Whose recorder it is at the node; `nil` without a certificate.
    @Nullable public var tenant: String?
    /// By what the node's operator knows the recorder: SHA-256 of its key, in hexadecimal.
    public var device: String
    /// When the certificate for the node ends; it is renewed by itself before that.
    @Nullable public var certificateEnd: Moment?
    /// Whether the recorder is about to start again, with the node that this says.
    public var startingAgain: Bool

    public init(
        address: String?, origin: String, tenant: String?, device: String, certificateEnd: Moment?, startingAgain: Bool
    ) {
        _address = Nullable(wrappedValue: address)
        self.origin = origin
        _tenant = Nullable(wrappedValue: tenant)
        self.device = device
        _certificateEnd = Nullable(wrappedValue: certificateEnd)
        self.startingAgain = startingAgain
    }
}
