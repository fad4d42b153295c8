"""An apply that meets full disks, kills, faults and other people."""
