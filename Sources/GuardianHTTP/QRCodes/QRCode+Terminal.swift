extension QRCode {
    /// The code as lines for a terminal, two rows of modules in each. Black on white is set (ECMA-48, 8.3.117), so that it can be
    /// read on a dark terminal too.
    public var terminalLines: [String] {
        stride(from: 0, to: side, by: 2).map { row in
            let blocks = (0..<side).map { column in
                switch (isDark(row: row, column: column), isDark(row: row + 1, column: column)) {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            }
            return "\u{1B}[30;107m\(blocks.joined())\u{1B}[0m"
        }
    }
}
