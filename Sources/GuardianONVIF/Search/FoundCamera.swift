/// A camera that answered the search. All of it but the address is what it says about itself, which nobody has proved.
public struct FoundCamera: Sendable, Hashable {
    /// Where to ask it: the host is where the answer came from.
    public var address: CameraAddress
    /// The UUID, or another name, of its own; empty when it gives none. Cheap cameras share one.
    public var identifier: String
    public var name: String?
    public var hardware: String?
    public var location: String?
    /// As `CameraMaker` writes it; `nil` when unknown.
    public var maker: String?
    /// The host that it gives, when that is not where the answer came from.
    public var claimedHost: String?
    /// Whether the address may be asked (`AddressRules`).
    public var isPermitted: Bool

    /// What a person should know before they choose it, as a sentence; `nil` when there is nothing.
    public var remark: String? {
        if !isPermitted { return "\(address) is an address of this machine or of a link only, and is not asked." }
        return claimedHost.map { "\(address) says that it is \($0); what counts is where its answer came from." }
    }

    package init(
        address: CameraAddress, identifier: String, name: String? = nil, hardware: String? = nil,
        location: String? = nil, maker: String? = nil, claimedHost: String? = nil, isPermitted: Bool
    ) {
        (self.address, self.identifier, self.name, self.hardware) = (address, identifier, name, hardware)
        (self.location, self.maker, self.claimedHost) = (location, maker, claimedHost)
        self.isPermitted = isPermitted
    }
}
