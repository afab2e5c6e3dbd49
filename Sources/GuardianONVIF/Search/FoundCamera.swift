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

    package init(
        address: CameraAddress, identifier: String, name: String? = nil, hardware: String? = nil,
        location: String? = nil, maker: String? = nil, claimedHost: String? = nil, isPermitted: Bool
    ) {
        (self.address, self.identifier, self.name, self.hardware) = (address, identifier, name, hardware)
        (self.location, self.maker, self.claimedHost) = (location, maker, claimedHost)
        self.isPermitted = isPermitted
    }
}
