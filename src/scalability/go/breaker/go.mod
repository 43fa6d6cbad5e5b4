module overload

go 1.19
