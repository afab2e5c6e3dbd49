import GuardianCore

extension QueryParameters {
    /// Returns a camera's alias; `nil` when the parameter is missing.
    public func alias(_ name: String = "camera") throws -> CameraAlias? {
        try self[name].map(Parameter.alias)
    }

    /// Returns a label such as `person`; `nil` when the parameter is missing.
    public func label(_ name: String = "label") throws -> Label? {
        try self[name].map(Parameter.label)
    }

    /// Returns a time; `nil` when the parameter is missing.
    public func time(_ name: String) throws -> Timestamp? {
        try self[name].map { try Parameter.time($0, name: name) }
    }

    /// Returns `from` and `to`, each `nil` when it is missing. A span that ends before it begins is allowed and empty.
    public func span() throws -> (from: Timestamp?, to: Timestamp?) {
        (try time("from"), try time("to"))
    }

    /// Returns a whole number in the range; `absent` when the parameter is missing.
    public func integer(_ name: String, in range: ClosedRange<Int64>, absent: Int64) throws -> Int64 {
        try self[name].map { try Parameter.integer($0, name: name, in: range) } ?? absent
    }

    /// Returns whether a filter is on: the value `true` switches it on, a missing parameter off.
    public func flag(_ name: String) throws -> Bool {
        guard let text = self[name] else { return false }
        guard text == "true" else {
            throw GuardianError(.invalidArgument, "\(name) must be true; leave it out for all.")
        }
        return true
    }

    /// Returns one of a few words; `nil` when the parameter is missing.
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Choice? {
        guard let text = self[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw GuardianError(.invalidArgument, "\(name) must be one of \(words).")
        }
        return choice
    }

    /// Returns the most items of a page: 1 to 200, 50 by default.
    public func limit() throws -> Int {
        Int(try integer("limit", in: 1...200, absent: 50))
    }

    /// Returns the `nextCursor` of the previous page: 1 to 256 characters of base64url, `.` and `:`; `nil` when
    /// missing.
    public func cursor() throws -> String? {
        try self["cursor"].map(Parameter.cursor)
    }
}
