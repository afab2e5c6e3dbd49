/// The JSON object that a route accepts as a request's body.
public protocol JSONBody: Decodable, Sendable {
    /// The names of its members. Others are refused, so that a typing error is not passed over in silence.
    static var members: [String] { get }
    /// Those for which `null` means something.
    static var nullable: Set<String> { get }
}

extension JSONBody {
    public static var nullable: Set<String> { [] }
}
