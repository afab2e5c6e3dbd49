import GuardianCore

extension QueryParameters {
    /// A camera's alias; `nil` when the parameter is not there.
    public func alias(_ name: String = "camera") throws -> CameraAlias? {
        try self[name].map(Parameter.alias)
    }

    /// A label such as `person`; `nil` when the parameter is not there.
    public func label(_ name: String = "label") throws -> Label? {
        try self[name].map(Parameter.label)
    }

    /// A moment; `nil` when the parameter is not there.
    public func time(_ name: String) throws -> Timestamp? {
        try self[name].map { try Parameter.time($0, name: name) }
    }

    /// `from` and `to`, each `nil` when it is not there. A span that ends before it begins holds nothing; that is no
    /// mistake of form.
    public func span() throws -> (from: Timestamp?, to: Timestamp?) {
        (try time("from"), try time("to"))
    }

    /// A whole number in the range; `absent` when the parameter is not there.
    public func integer(_ name: String, in range: ClosedRange<Int64>, absent: Int64) throws -> Int64 {
        try self[name].map { try Parameter.integer($0, name: name, in: range) } ?? absent
    }

    /// A narrowing that is switched on by `true`, and off by being left out.
    public func flag(_ name: String) throws -> Bool {
        guard let text = self[name] else { return false }
        guard text == "true" else {
            throw GuardianError(.invalidArgument, "\(name) must be true; leave it out for all.")
        }
        return true
    }

    /// How many items a page holds: 1 to 200, 50 when nothing is said.
    public func limit() throws -> Int {
        Int(try integer("limit", in: 1...200, absent: 50))
    }

    /// The `nextCursor` of the page before: 1 to 256 of base64url's letters and `.`, `:`; `nil` when not there.
    public func cursor() throws -> String? {
        try self["cursor"].map(Parameter.cursor)
    }
}
