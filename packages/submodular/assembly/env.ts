// What the caller does while the kernels run.

/** Writes `count` rows from `first` on to the place of row `place`. */
export declare function bringRows(first: i32, count: i32, place: i32): void;
/** Writes the column of a candidate behind the cover. */
export declare function bringColumn(item: i32): void;
