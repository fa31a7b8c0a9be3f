// Location: a place in the text a user wrote, carried along so that any later error can point at it.
#pragma once

namespace settle {

/// A stretch of one line of one file; `file` is an index into the list of files read, -1 for none.
struct Location {
  int file = -1;
  int line = 0;    // from 1
  int column = 0;  // from 1, in characters
  int length = 1;
};

}  // namespace settle
