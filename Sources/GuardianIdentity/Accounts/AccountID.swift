import GuardianCore

/// The kinds of things of this room that have identifiers.
public enum AccountKind {}
public enum SessionKind {}
public enum TokenKind {}
public enum PasskeyKind {}

/// A person's permanent identity; the name may change.
public typealias AccountID = Identifier<AccountKind>
public typealias SessionID = Identifier<SessionKind>
public typealias TokenID = Identifier<TokenKind>
public typealias PasskeyID = Identifier<PasskeyKind>
